package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

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
	names, err := v.e.scans.listKeys(ctx, x.Pattern, x.Kind, 4*limitOf(&x))
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
