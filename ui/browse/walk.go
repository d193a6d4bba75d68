package browse

import (
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
)

// Budget of a walk: a page and a pause, so many keys a second at most, and after
// so many keys it waits to be told to go on.
const (
	stepPause   = 100 * time.Millisecond
	keysPerStep = 5000 // a page of the source
	walkBudget  = 500_000
)

// walk is one walk over the keys that match a pattern.
type walk struct {
	tree    Tree
	pattern string
	text    string // what was searched for; "" for all keys
	cursor  string
	begun   bool
	done    bool
	looked  int
	bytes   int64
	skipped int
	total   int64
	budget  int
	problem datasource.Safe
}

func newWalk(pattern, text string) *walk {
	return &walk{pattern: pattern, text: text, total: -1, budget: walkBudget, tree: Tree{opened: text != ""}}
}

// wants reports whether the next page is to be read.
func (w *walk) wants() bool { return !w.done && w.looked < w.budget }

// paused reports whether the budget is used up.
func (w *walk) paused() bool { return !w.done && w.looked >= w.budget }

// take adds a page.
func (w *walk) take(p Page, err error) {
	w.begun = true
	if err != nil {
		w.problem, w.done = lineOf(err), true
		return
	}
	for _, key := range p.Keys {
		w.tree.Add(key)
	}
	w.cursor, w.done = p.Cursor, p.Cursor == ""
	w.looked += p.Looked
	w.bytes += p.Bytes
	w.skipped += p.Skipped
	w.total = p.Total
}

// progress says how far the walk is and what it cost.
func (w *walk) progress() string {
	text := countKeys(w.tree.Keys())
	switch {
	case w.done:
	case w.total >= 0:
		text += " · " + format.Count(min(int64(w.looked), w.total)) + " of " + format.Count(w.total) + " scanned"
	default:
		text += " · " + format.Count(int64(w.looked)) + " scanned"
	}
	text += " · " + format.Bytes(w.bytes) + " read"
	if w.skipped > 0 {
		text += " · " + strconv.Itoa(w.skipped) + " names too long"
	}
	switch {
	case w.paused():
		text += " · paused, m goes on"
	case !w.done:
		text += " · " + format.Count(int64(keysPerStep*time.Second/stepPause)) + " keys/s at most"
	}
	return text
}

// lineOf is an error with its remedy, as one line.
func lineOf(err error) datasource.Safe {
	f := datasource.AsFault(err, datasource.SourceRedis)
	text := f.Error()
	if !f.Hint.Empty() {
		text += " (" + f.Hint.String() + ")"
	}
	return datasource.Clean(text, datasource.MaxCell)
}
