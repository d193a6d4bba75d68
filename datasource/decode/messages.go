package decode

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// list decodes the reply of LRANGE, newest first.
func list(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	if len(raw.Items) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d items, at most %d", len(raw.Items), datasource.MaxMembers)
	}
	items := raw.Items[:min(len(raw.Items), keep(raw.Ref))]
	if raw.Newest == datasource.EndLast {
		items = raw.Items[len(raw.Items)-len(items):]
	}
	out := make([]datasource.Message, len(items))
	for i := range items {
		out[i].Value = said.part(items[i])
	}
	if newestEnd(raw, items) == datasource.EndLast {
		slices.Reverse(out)
	}
	return datasource.Value{Type: datasource.TypeMessages, Messages: out}, said.allUnread(len(items))
}

// newestEnd is the end of a list that is newest: as known, else as newest: says,
// else by the times in the items.
func newestEnd(raw *datasource.Raw, items [][]byte) datasource.End {
	switch {
	case raw.Newest != datasource.EndUnknown:
		return raw.Newest
	case raw.Ref.Shape.Newest != datasource.EndUnknown:
		return raw.Ref.Shape.Newest
	}
	return NewestEnd(raw.Ref, items)
}

// set decodes the members of a set, numbers by size, then texts.
func set(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	if len(raw.Items) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d members, at most %d", len(raw.Items), datasource.MaxMembers)
	}
	items := slices.Clone(raw.Items)
	slices.SortFunc(items, bytes.Compare)
	v := datasource.Value{Type: datasource.TypeArray, Items: make([]datasource.Value, len(items))}
	for i := range items {
		v.Items[i] = said.part(items[i])
	}
	slices.SortStableFunc(v.Items, func(a, b datasource.Value) int {
		x, isX := a.Number()
		y, isY := b.Number()
		switch {
		case isX && isY:
			return cmp.Compare(x.Float(), y.Float())
		case isX != isY:
			if isX {
				return -1
			}
			return 1
		}
		return 0
	})
	return v, said.allUnread(len(items))
}

// stream decodes the reply of XREVRANGE, newest first. An entry with a single
// field called data, json, payload, message, msg or value is what that field
// holds, for that is how documents are put into streams.
func stream(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	if len(raw.Entries) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d entries, at most %d", len(raw.Entries), datasource.MaxMembers)
	}
	entries := raw.Entries[:min(len(raw.Entries), keep(raw.Ref))]
	out := make([]datasource.Message, len(entries))
	unread := 0
	for i := range entries {
		v, err := entry(entries[i].Fields, said)
		if err != nil {
			unread++
		}
		if unread == len(entries) {
			return datasource.Value{}, err
		}
		out[i] = datasource.Message{At: idTime(entries[i].ID), ID: datasource.Clean(entries[i].ID, datasource.MaxCell), Value: v}
	}
	return datasource.Value{Type: datasource.TypeMessages, Messages: out}, nil
}

// entry decodes one entry of a stream; err says that nothing in it can be read,
// and the value then says so too.
func entry(fields []datasource.RawField, said *remarks) (datasource.Value, error) {
	v, err := hash(fields, said)
	if err != nil {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean("unreadable: "+err.Error(), datasource.MaxCell)}, err
	}
	if len(v.Fields) == 1 {
		switch v.Fields[0].Name.String() {
		case "data", "json", "payload", "message", "msg", "value":
			return v.Fields[0].Value, nil
		}
	}
	return v, nil
}

// idTime returns the time in a stream ID (milliseconds, a dash, a counter);
// zero when the producer chose IDs that are no time.
func idTime(id string) time.Time {
	ms, _, _ := strings.Cut(id, "-")
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return plausible(time.UnixMilli(n))
}

// prepend puts a message in front of those known, within the count to keep.
func prepend(prev *datasource.Value, m datasource.Message, ref *datasource.Ref) datasource.Value {
	var old []datasource.Message
	if prev != nil && prev.Type == datasource.TypeMessages {
		old = prev.Messages[:min(len(prev.Messages), keep(ref)-1)]
	}
	out := make([]datasource.Message, 0, len(old)+1)
	return datasource.Value{Type: datasource.TypeMessages, Messages: append(append(out, m), old...)}
}

// fromArray makes messages of an API's array. Where every element has a time
// the newest comes first; else the order is the API's.
func fromArray(items []datasource.Value, ref *datasource.Ref) datasource.Value {
	out := make([]datasource.Message, len(items))
	timed := true
	for i := range items {
		out[i] = datasource.Message{At: objectTime(&items[i], ofEvent), Value: items[i]}
		timed = timed && !out[i].At.IsZero()
	}
	if timed {
		slices.SortStableFunc(out, func(a, b datasource.Message) int { return b.At.Compare(a.At) })
	}
	return datasource.Value{Type: datasource.TypeMessages, Messages: out[:min(len(out), keep(ref))]}
}
