package app

import (
	"context"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/engine"
)

// variableFollower is a source that can look variables up; the engine.
type variableFollower interface {
	Follow(vars []engine.Variable) *engine.Variables
}

// sessionView is what one kind of session sees: a configuration, the variables that are
// fixed for it, and which of the data.
type sessionView struct {
	config *config.Config
	vars   map[string][]string       // as allowed and wanted
	fixed  map[string][]string       // wanted: these are not looked up
	shown  func(datasource.Ref) bool // nil: everything
}

// changesByItself reports whether the refs of a view change by themselves: by what is
// looked up, or by dates in keys.
func (v *sessionView) changesByItself(now time.Time) bool {
	return v.looksUp() || !v.config.NextRollover(now).IsZero()
}

// looksUp reports whether some variable is looked up.
func (v *sessionView) looksUp() bool {
	for _, looked := range v.config.Lookups {
		if looked {
			return true
		}
	}
	return false
}

// resolveVars returns the variables of a view where these values were found. Of a
// variable that is looked up and limited for a user only the allowed ones count.
func (v *sessionView) resolveVars(found map[string][]string) map[string][]string {
	out := maps.Clone(v.vars)
	for name, looked := range v.config.Lookups {
		if _, fixed := v.fixed[name]; fixed || !looked {
			continue
		}
		allowed := v.vars[name]
		out[name] = slices.DeleteFunc(slices.Clone(found[name]), func(s string) bool {
			return len(allowed) > 0 && !slices.Contains(allowed, s)
		})
	}
	return out
}

// readRefs returns what a view reads with these variables.
func (v *sessionView) readRefs(vars map[string][]string, now time.Time) ([]datasource.Ref, error) {
	refs, err := v.config.Refs(vars, now)
	if err == nil && v.shown != nil {
		refs = slices.DeleteFunc(refs, func(r datasource.Ref) bool { return !v.shown(r) })
	}
	return refs, err
}

// unresolved returns the data whose variables could not be looked up, to be shown
// with the reason in the place of their elements.
func (v *sessionView) unresolved(vars map[string][]string, faults map[string]*datasource.Fault) []datasource.Ref {
	var out []datasource.Ref
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		if len(vars[name]) > 0 {
			continue // what was found before stays
		}
		why := "variable " + name + ": " + faults[name].Error()
		if hint := faults[name].Hint; !hint.Empty() {
			why += "; " + hint.String()
		}
		for _, r := range v.config.Repeated(name) {
			known := slices.ContainsFunc(out, func(o datasource.Ref) bool { return o.Name == r.Name })
			if !known && (v.shown == nil || v.shown(r)) {
				if r.Kind == datasource.KindChannel {
					r.Kind = datasource.KindList // nothing is subscribed to
				}
				r.Unresolved = datasource.Clean(why, datasource.MaxCell).String()
				out = append(out, r)
			}
		}
	}
	return out
}

// variableSources returns where the variables of a view are looked up.
func (v *sessionView) variableSources(vars map[string][]string, now time.Time) ([]config.VarSource, error) {
	sources, err := v.config.VarSources(vars, now)
	return slices.DeleteFunc(sources, func(s config.VarSource) bool {
		_, fixed := v.fixed[s.Name]
		return fixed
	}), err
}

// variablesOf says to the engine where variables are looked up.
func variablesOf(sources []config.VarSource) []engine.Variable {
	out := make([]engine.Variable, 0, len(sources))
	for _, s := range sources {
		x := engine.Variable{Name: s.Name, Accepts: s.Accepts, Rescan: s.Rescan, Limit: s.Limit, Keeps: s.Keeps}
		x.Ref = datasource.Ref{Name: s.Name, Key: s.Key, Shape: datasource.Shape{Pick: s.Pick}, Fallback: s.Else}
		switch s.Kind {
		case config.VarKeys:
			x.Ref, x.Pattern, x.Kind, x.Value, x.Else = datasource.Ref{}, s.Key, s.Type, s.Value, s.Else
		case config.VarSet:
			x.Ref.Kind = datasource.KindSet
		case config.VarList:
			x.Ref.Kind, x.Ref.Keep = datasource.KindList, min(s.Limit, datasource.MaxMembers)
		case config.VarHash:
			x.Ref.Kind = datasource.KindHash
		case config.VarString:
			x.Ref.Kind = datasource.KindString
		case config.VarJSON:
			x.Ref.Kind = datasource.KindJSON
		case config.VarAPI:
			x.Ref = datasource.Ref{Name: s.Name, Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: s.Path, Pick: s.Pick}}
		}
		out = append(out, x)
	}
	return out
}

// sameLookups reports whether two sets of lookups look in the same places.
func sameLookups(a, b []config.VarSource) bool {
	return slices.EqualFunc(a, b, func(a, b config.VarSource) bool {
		return a.Name == b.Name && a.Kind == b.Kind && a.Key == b.Key && a.Path == b.Path && a.Pick == b.Pick && a.Else == b.Else
	})
}

// refSetter is a feed that can show other refs without being opened again.
type refSetter interface {
	datasource.Feed
	SetRefs(refs []datasource.Ref)
}

// followingFeed is a feed whose refs follow its variables and the date. Close
// ends its goroutine.
type followingFeed struct {
	refSetter
	view   *sessionView
	source variableFollower
	log    *slog.Logger
	stop   context.CancelFunc
	done   chan struct{}
	once   sync.Once
}

// followVariables has a feed's refs follow what its view's variables mean.
func followVariables(feed refSetter, v *sessionView, source variableFollower, log *slog.Logger) datasource.Feed {
	ctx, stop := context.WithCancel(context.Background())
	f := &followingFeed{refSetter: feed, view: v, source: source, log: log, stop: stop, done: make(chan struct{})}
	go f.run(ctx)
	return f
}

// Close implements datasource.Feed.
func (f *followingFeed) Close() {
	f.once.Do(func() {
		f.stop()
		<-f.done
		f.refSetter.Close()
	})
}

func (f *followingFeed) run(ctx context.Context) {
	defer close(f.done)
	var looked []config.VarSource
	var vars *engine.Variables
	defer func() {
		if vars != nil {
			vars.Close()
		}
	}()
	found := map[string][]string{}
	for {
		now := time.Now()
		values := f.view.resolveVars(found)
		sources, err := f.view.variableSources(values, now)
		if err != nil {
			f.log.Warn("variables cannot be looked up", "err", err)
		}
		if !sameLookups(looked, sources) {
			if vars != nil {
				vars.Close()
			}
			looked, vars = sources, f.source.Follow(variablesOf(sources))
		}
		faults := map[string]*datasource.Fault{}
		if vars != nil {
			faults = vars.Faults()
		}
		if refs, err := f.view.readRefs(values, now); err != nil {
			f.log.Warn("data cannot be named", "err", err)
		} else {
			f.SetRefs(append(refs, f.view.unresolved(values, faults)...))
		}
		if !f.waitForChange(ctx, vars) {
			return
		}
		if vars != nil {
			maps.Copy(found, vars.Values())
		}
	}
}

// waitForChange waits for other values or another date; false when the feed is closed.
func (f *followingFeed) waitForChange(ctx context.Context, vars *engine.Variables) bool {
	var changed <-chan struct{}
	if vars != nil {
		changed = vars.Changed()
	}
	left := time.Duration(math.MaxInt64)
	if at := f.view.config.NextRollover(time.Now()); !at.IsZero() {
		left = min(max(0, time.Until(at)), time.Minute) + 10*time.Millisecond // a clock may be set
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-changed:
	case <-timer.C:
	}
	return true
}

// maxLookupRounds bounds variables that depend on one another.
const maxLookupRounds = 4

// resolveOnce finds the variables of a view once. What could not be found out is
// in the faults.
func resolveOnce(ctx context.Context, e *engine.Engine, v *sessionView) (vars map[string][]string, faults map[string]*datasource.Fault, err error) {
	found := map[string][]string{}
	faults = map[string]*datasource.Fault{}
	if !v.looksUp() {
		return v.resolveVars(found), faults, nil
	}
	var looked []config.VarSource
	for range maxLookupRounds {
		vars = v.resolveVars(found)
		sources, err := v.variableSources(vars, time.Now())
		if err != nil || sameLookups(looked, sources) {
			return vars, faults, err
		}
		looked = sources
		values, failed, err := e.FindOnce(ctx, variablesOf(sources))
		if err != nil {
			return vars, faults, err
		}
		maps.Copy(found, values)
		maps.Copy(faults, failed)
	}
	return v.resolveVars(found), faults, nil
}
