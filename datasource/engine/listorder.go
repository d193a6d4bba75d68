package engine

import (
	"hash/maphash"
	"slices"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// listOrder finds out which end of a list is newest: by the times in its items,
// else by the end at which it grows.
type listOrder struct {
	end    datasource.End // unknown until it is found out
	items  []uint64       // fingerprints of the items last read, head first
	length int            // of the list when they were read
}

// comparedItems is how many items from the head are compared between two reads.
const comparedItems = 32

// observe looks at an answer and notes in it which end is newest. It reports false
// where the newest items are not among those read: then the other end has to be
// read.
func (o *listOrder) observe(raw *datasource.Raw) bool {
	read := raw.Newest
	length := max(raw.Count, len(raw.Items))
	if forced := raw.Ref.Shape.Newest; forced != datasource.EndUnknown {
		o.end = forced
	} else if end := decode.NewestEnd(raw.Ref, raw.Items); end != datasource.EndUnknown {
		o.end = end
	} else if o.end == datasource.EndUnknown {
		o.end = o.endByGrowth(raw.Items, length)
	}
	o.items, o.length = o.items[:0], length
	if o.end == datasource.EndUnknown {
		for _, item := range raw.Items[:min(len(raw.Items), comparedItems)] {
			o.items = append(o.items, maphash.Bytes(seed, item))
		}
	}
	raw.Newest = o.end
	whole := len(raw.Items) >= raw.Count && raw.Count > 0 || len(raw.Items) < raw.Ref.KeepItems()
	atTail := read == datasource.EndLast
	return whole || (o.end == datasource.EndLast) == atTail
}

// isAssumed reports whether the order of what was read is a guess.
func (o *listOrder) isAssumed() bool { return o.end == datasource.EndUnknown && o.length > 1 }

// endByGrowth compares with what was read before.
func (o *listOrder) endByGrowth(items [][]byte, length int) datasource.End {
	if len(o.items) == 0 || len(items) == 0 || length < o.length {
		return datasource.EndUnknown // only taken from: that tells nothing
	}
	now := make([]uint64, 0, comparedItems)
	for _, item := range items[:min(len(items), comparedItems)] {
		now = append(now, maphash.Bytes(seed, item))
	}
	switch {
	case startsWith(now, o.items):
		if length > o.length {
			return datasource.EndLast
		}
	case slices.ContainsFunc(suffixes(now), func(t []uint64) bool { return startsWith(o.items, t) }):
		return datasource.EndFirst // what was the head is further down
	case slices.ContainsFunc(suffixes(o.items), func(t []uint64) bool { return startsWith(now, t) }):
		return datasource.EndLast // trimmed at the head
	}
	return datasource.EndUnknown
}

// startsWith reports whether a and b agree as far as both go.
func startsWith(a, b []uint64) bool {
	n := min(len(a), len(b))
	return n > 0 && slices.Equal(a[:n], b[:n])
}

// suffixes returns what is left of s without its first element, its first two …
func suffixes(s []uint64) [][]uint64 {
	var out [][]uint64
	for i := 1; i < len(s); i++ {
		out = append(out, s[i:])
	}
	return out
}
