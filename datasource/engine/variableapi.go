package engine

import "ticktop/datasource"

// fallbackValues asks the API for the values of a variable while Redis has no
// key of it. It belongs to one goroutine.
type fallbackValues struct {
	v    *Variables
	x    *Variable
	feed *feed // nil while the API is not asked
	err  error // why Redis cannot say
}

// needed says after each scan whether the API is to be asked, and what kept
// Redis from answering.
func (f *fallbackValues) needed(yes bool, err error) {
	f.err = err
	switch {
	case !f.x.Else.Defined():
	case yes && f.feed == nil:
		f.feed = f.v.e.watch([]datasource.Ref{{Name: f.x.Name, Kind: datasource.KindString, Fallback: f.x.Else}})
		f.take()
	case !yes:
		f.close()
	}
}

// changed is signalled when the API may have answered; nil while it is not asked.
func (f *fallbackValues) changed() <-chan struct{} {
	if f.feed == nil {
		return nil
	}
	return f.feed.Changed()
}

// take takes the answer of the API. Where neither says anything, what Redis said
// counts.
func (f *fallbackValues) take() {
	e := f.feed.Snapshot().Get(f.x.Name)
	switch {
	case e.Known():
		f.v.setValues(f.x, valuesOf(&e.Value, datasource.KindString))
	case e == nil || e.State != datasource.StateMissing && e.State != datasource.StateError:
	case f.err != nil:
		f.v.setFault(f.x.Name, datasource.AsFault(f.err, datasource.SourceRedis))
	default:
		f.v.setValues(f.x, nil)
	}
}

func (f *fallbackValues) close() {
	if f.feed != nil {
		f.feed.Close()
		f.feed = nil
	}
}
