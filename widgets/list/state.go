package list

import "ticktop/datasource"

// AnyKnown reports whether any of the entries has a value, so that there is
// more to show than why there isn't one.
func AnyKnown(entries []*datasource.Entry) bool {
	for _, e := range entries {
		if e.Known() {
			return true
		}
	}
	return false
}

// Worst is the entry whose state says most about why there is nothing to
// show; nil when there aren't any.
func Worst(entries []*datasource.Entry) *datasource.Entry {
	var w *datasource.Entry
	for _, e := range entries {
		if e != nil && (w == nil || e.State > w.State) {
			w = e
		}
	}
	return w
}
