package decode

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// Message decodes one payload of a channel. It cannot fail: what is not JSON is
// text, what is too big is cut and marked.
func Message(payload []byte, at time.Time) datasource.Message {
	return datasource.Message{At: at, Value: lenient(payload)}
}

// list decodes the reply of LRANGE, newest first.
func list(raw *datasource.Raw) (datasource.Value, error) {
	if len(raw.Items) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d items, at most %d", len(raw.Items), datasource.MaxMembers)
	}
	items, n := raw.Items, min(len(raw.Items), keep(&raw.Ref))
	out := make([]datasource.Message, n)
	for i := range out {
		at := i
		if raw.Newest == datasource.EndLast {
			at = len(items) - 1 - i
		}
		out[i].Value = lenient(items[at])
	}
	return datasource.Value{Type: datasource.TypeMessages, Messages: out}, nil
}

// stream decodes the reply of XREVRANGE, newest first. An entry with a single
// field called data, json, payload, message, msg or value is what that field
// holds, for that is how documents are put into streams.
func stream(raw *datasource.Raw) (datasource.Value, error) {
	if len(raw.Entries) > datasource.MaxMembers {
		return datasource.Value{}, tooBig("%d entries, at most %d", len(raw.Entries), datasource.MaxMembers)
	}
	entries := raw.Entries[:min(len(raw.Entries), keep(&raw.Ref))]
	out := make([]datasource.Message, len(entries))
	for i := range entries {
		v, err := entry(entries[i].Fields)
		if err != nil {
			return datasource.Value{}, err
		}
		out[i] = datasource.Message{At: idTime(entries[i].ID), ID: datasource.Clean(entries[i].ID, datasource.MaxCell), Value: v}
	}
	return datasource.Value{Type: datasource.TypeMessages, Messages: out}, nil
}

func entry(fields []datasource.RawField) (datasource.Value, error) {
	v, err := hash(fields)
	if err == nil && len(v.Fields) == 1 {
		switch v.Fields[0].Name.String() {
		case "data", "json", "payload", "message", "msg", "value":
			return v.Fields[0].Value, nil
		}
	}
	return v, err
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
