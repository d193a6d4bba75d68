package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

// Scanner lists the names of keys: SCAN, with TYPE where a kind is given. It
// never returns more than limit, and says whether there are more.
type Scanner interface {
	ScanKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) (names []string, more bool, err error)
}

// Variable is a variable whose values are found in Redis or the API: in the
// names of keys, or in one datum that lists them. Of Pattern and Ref one is set.
type Variable struct {
	Name    string
	Pattern string                          // of the keys
	Kind    datasource.Kind                 // of the keys; 0 for any
	Value   func(key string) (string, bool) // the value in the name of a key
	Ref     datasource.Ref                  // the datum: members of a set, items of a list, fields of a hash, a JSON array
	Else    datasource.Endpoint             // with Pattern: asked while there is no such key, or Redis does not answer
	Accepts func(value string) bool         // nil: everything
	Rescan  time.Duration                   // of the keys; 10 s
	Limit   int                             // how many values at most; 1,000
	Keeps   bool                            // a value once found stays
}

// Variables follows some variables. Its methods are safe for concurrent use. It
// owns one goroutine for each variable out of the names of keys, and one for all
// that a datum lists; Close ends them and waits.
type Variables struct {
	e       *Engine
	changed chan struct{}
	stop    context.CancelFunc
	wg      sync.WaitGroup
	list    *feed // of the data that list values

	mu     sync.Mutex
	values map[string][]string // as found
	faults map[string]*datasource.Fault
	kept   map[string]map[string]bool
}

// Defaults and bounds of variables.
const (
	defaultRescan = 10 * time.Second
	defaultValues = 1000
	scanTimeout   = 5 * time.Second
	scanParallel  = 2
)

// errNoScanner is the fault of variables without Options.Scanner.
var errNoScanner = &datasource.Fault{Class: datasource.ClassConfig, Source: datasource.SourceRedis, Text: datasource.Clean("keys cannot be listed here", 0)}

// Follow follows variables until Close. Their values appear after a moment:
// Values has those found so far, and Changed is signalled when there are others.
func (e *Engine) Follow(vars []Variable) *Variables {
	ctx, stop := context.WithCancel(context.Background())
	v := &Variables{
		e: e, changed: make(chan struct{}, 1), stop: stop,
		values: map[string][]string{}, faults: map[string]*datasource.Fault{}, kept: map[string]map[string]bool{},
	}
	var refs []datasource.Ref
	var listed []Variable
	for _, x := range vars {
		if x.Pattern != "" {
			v.wg.Go(func() { v.scanOften(ctx, x) })
			continue
		}
		x.Ref.Name = x.Name
		refs, listed = append(refs, x.Ref), append(listed, x)
	}
	if len(listed) > 0 {
		v.list = e.watch(refs)
		v.wg.Go(func() { v.followData(ctx, listed) })
	}
	return v
}

// Changed has capacity 1 and is signalled after Values has changed.
func (v *Variables) Changed() <-chan struct{} { return v.changed }

// Values returns the values found so far. A variable that has not been found out
// yet is not in it.
func (v *Variables) Values() map[string][]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.values)
}

// Faults returns why the values of some variables cannot be found out.
func (v *Variables) Faults() map[string]*datasource.Fault {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.faults)
}

// Close ends the following and waits for what is under way.
func (v *Variables) Close() {
	v.stop()
	v.wg.Wait()
	if v.list != nil {
		v.list.Close()
	}
}

// scanOften lists the keys of one variable again and again. While there are
// none, the API is asked where it knows the values too.
func (v *Variables) scanOften(ctx context.Context, x Variable) {
	rescan := x.Rescan
	if rescan <= 0 {
		rescan = defaultRescan
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	other := fallbackValues{v: v, x: &x}
	defer other.close()
	for failures := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-other.changed():
			other.take()
			continue
		case <-timer.C:
		}
		wait := rescan
		found, err := v.scanVariable(ctx, x)
		if err != nil {
			failures++
			wait = min(rescan, backoff(failures, time.Second, rescan))
		} else {
			failures = 0
		}
		other.needed(len(found) == 0, err)
		timer.Reset(wait)
	}
}

// scanVariable lists the keys of one variable once.
func (v *Variables) scanVariable(ctx context.Context, x Variable) (found []string, err error) {
	names, err := v.e.scanKeys(ctx, x.Pattern, x.Kind, 4*limitOf(&x))
	if err != nil {
		if ctx.Err() == nil && !x.Else.Defined() {
			v.setFault(x.Name, datasource.AsFault(err, datasource.SourceRedis))
		}
		return nil, err
	}
	found = make([]string, 0, len(names))
	for _, key := range names {
		if value, ok := x.Value(key); ok {
			found = append(found, value)
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) > 0 || !x.Else.Defined() {
		v.setValues(&x, found)
	}
	return found, nil
}

// scanKeys shares one answer among all requests for the same within a second,
// however many sessions there are.
func (e *Engine) scanKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) ([]string, error) {
	if e.o.Scanner == nil {
		return nil, errNoScanner
	}
	key := scanKey{pattern, kind, limit}
	e.scans.mu.Lock()
	s := e.scans.recent[key]
	if s == nil || s.isExpired() {
		s = &keyScan{done: make(chan struct{})}
		e.scans.remember(key, s)
		go e.runScan(key, s)
	}
	e.scans.mu.Unlock()
	select {
	case <-s.done:
		return s.names, s.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// scanKey says what is listed.
type scanKey struct {
	pattern string
	kind    datasource.Kind
	limit   int
}

// keyScan is one listing, under way or just over.
type keyScan struct {
	done  chan struct{}
	at    time.Time // when it was over
	names []string
	err   error
}

// isExpired reports whether a listing is too old to be shared.
func (s *keyScan) isExpired() bool {
	select {
	case <-s.done:
		return time.Since(s.at) >= time.Second
	default:
		return false
	}
}

// keyScans are the listings of the last moments.
type keyScans struct {
	mu     sync.Mutex
	recent map[scanKey]*keyScan
	slots  chan struct{}
}

// remember notes a listing, and forgets those that are over. s.mu is held.
func (s *keyScans) remember(key scanKey, k *keyScan) {
	maps.DeleteFunc(s.recent, func(_ scanKey, old *keyScan) bool { return old.isExpired() })
	s.recent[key] = k
}

func (e *Engine) runScan(key scanKey, s *keyScan) {
	e.scans.slots <- struct{}{}
	defer func() { <-e.scans.slots }()
	ctx, cancel := context.WithTimeout(context.Background(), scanTimeout)
	defer cancel()
	func() {
		defer recoverDecoder(&s.err)
		s.names, _, s.err = e.o.Scanner.ScanKeys(ctx, key.pattern, key.kind, key.limit)
	}()
	s.at = time.Now()
	close(s.done)
}

// followData takes the values out of the data that list them.
func (v *Variables) followData(ctx context.Context, vars []Variable) {
	for {
		snap := v.list.Snapshot()
		for i := range vars {
			e := snap.Get(vars[i].Name)
			switch {
			case e.Known():
				v.setValues(&vars[i], valuesOf(&e.Value, vars[i].Ref.Kind))
			case e.State == datasource.StateMissing:
				v.setValues(&vars[i], nil)
			case e.State == datasource.StateError:
				v.setFault(vars[i].Name, e.Fault)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-v.list.Changed():
		}
	}
}

// setValues takes in the values of a variable.
func (v *Variables) setValues(x *Variable, values []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]string, 0, len(values))
	seen := map[string]bool{}
	keep := func(value string) {
		if !seen[value] && value != "" && len(out) < limitOf(x) && (x.Accepts == nil || x.Accepts(value)) {
			seen[value] = true
			out = append(out, value)
		}
	}
	for _, value := range values {
		keep(value)
	}
	if x.Keeps {
		for _, value := range v.values[x.Name] {
			keep(value)
		}
		slices.Sort(out)
	}
	old, known := v.values[x.Name]
	delete(v.faults, x.Name)
	if known && slices.Equal(old, out) {
		return
	}
	v.values[x.Name] = out
	v.notify()
}

// setFault notes that the values cannot be found out; those known stay.
func (v *Variables) setFault(name string, f *datasource.Fault) {
	if f == nil {
		f = errNoAnswer
	}
	v.mu.Lock()
	old := v.faults[name]
	v.faults[name] = f
	said := old != nil && old.Class == f.Class && old.Text == f.Text
	v.mu.Unlock()
	if said {
		return
	}
	v.e.mu.Lock()
	v.e.events = append(v.e.events, store.Event{Event: datasource.Event{
		At: time.Now(), Subject: safeText("variable " + name), Text: safeText(f.Error()), Level: datasource.LevelWarning,
	}})
	v.e.mu.Unlock()
	v.e.o.Logger.Warn("variable cannot be found out", "variable", name, "err", f.Error())
	v.e.wakeLoop()
	v.mu.Lock()
	v.notify()
	v.mu.Unlock()
}

func (v *Variables) notify() {
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

func limitOf(x *Variable) int {
	if x.Limit > 0 {
		return x.Limit
	}
	return defaultValues
}

// valuesOf returns the values that a datum lists: the fields of a hash, the
// elements of everything else.
func valuesOf(v *datasource.Value, kind datasource.Kind) []string {
	var out []string
	add := func(v *datasource.Value) {
		if s := valueText(v); s != "" {
			out = append(out, s)
		}
	}
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			add(&v.Items[i])
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			add(&v.Messages[i].Value)
		}
	case datasource.TypeObject:
		for i := range v.Fields {
			out = append(out, v.Fields[i].Name.String())
		}
	case datasource.TypeText:
		for s := range strings.FieldsFuncSeq(v.Text.String(), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			out = append(out, s)
		}
	default:
		add(v)
	}
	if kind == datasource.KindSet || kind == datasource.KindHash {
		slices.Sort(out)
	}
	return out
}

// idFields are what names an object among others, the most telling first.
var idFields = [...]string{"symbol", "ticker", "instrument", "pair", "ticket", "account", "account_id", "id", "name", "code"}

// valueText returns the value of one element.
func valueText(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeText:
		return v.Text.String()
	case datasource.TypeNumber:
		return v.Num.String()
	case datasource.TypeObject:
		for _, name := range idFields {
			if f, ok := v.Field(name); ok && f.Type != datasource.TypeObject {
				return valueText(f)
			}
		}
	}
	return ""
}

// FindOnce finds the values of variables once, within the limit of Once.
func (e *Engine) FindOnce(ctx context.Context, vars []Variable) (map[string][]string, map[string]*datasource.Fault, error) {
	if len(vars) == 0 {
		return nil, nil, nil
	}
	limit, cancel := context.WithTimeout(ctx, onceLimit)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	run, stop := context.WithCancel(ctx)
	defer stop()
	wg.Go(func() {
		if err := e.Run(run); errors.Is(err, ErrRunning) {
			return
		}
	})
	v := e.Follow(vars)
	defer v.Close()
	for {
		values, faults := v.Values(), v.Faults()
		open := slices.ContainsFunc(vars, func(x Variable) bool {
			_, found := values[x.Name]
			return !found && faults[x.Name] == nil
		})
		if !open {
			return values, faults, nil
		}
		select {
		case <-limit.Done():
			return values, faults, ctx.Err()
		case <-v.Changed():
		}
	}
}
