package engine

import (
	"slices"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// pushMessages puts messages in front, the newest first.
func (d *datum) pushMessages(in []payload) {
	if len(in) == 0 {
		return
	}
	fresh := make([]datasource.Message, 0, max(len(in), d.maxItems()))
	for i := range in {
		m, marks, ok := decodeMessage(d.ref, &in[i])
		if !ok {
			continue
		}
		d.push.marks |= marks
		fresh = append(fresh, m)
		if d.isKey() {
			d.push.overlays = append(d.push.overlays, overlay{at: m.At, message: m})
		}
	}
	if len(fresh) == 0 {
		return
	}
	slices.Reverse(fresh)
	last := &in[len(in)-1]
	d.push.at, d.push.fault, d.raw = last.at, nil, last.bytes
	d.push.overlays = d.push.overlays[max(0, len(d.push.overlays)-d.maxItems()):]
	d.value = joinMessages(fresh, d.value.Messages, d.maxItems())
	d.stampOf(decode.Stamp(&d.value), last.at)
	d.push.overlaid = true
}

// maxMessageValues is how many values one message may hold to be kept as it is: a few
// hundred messages are kept, and hostile ones grow fifty times when decoded.
const maxMessageValues = 256

// decodeMessage decodes a message; one of very many parts is kept as text. ok is
// false for one that the datum leaves out.
func decodeMessage(ref *datasource.Ref, p *payload) (m datasource.Message, marks datasource.Marks, ok bool) {
	var err error
	ok = true
	func() {
		defer recoverDecoder(&err)
		m, marks, ok = decode.ReadMessage(ref, p.bytes, p.at)
	}()
	if err != nil || countValues(&m.Value) > maxMessageValues {
		m = datasource.Message{At: p.at, Value: datasource.Value{Type: datasource.TypeText, Text: datasource.CleanBytes(p.bytes, datasource.MaxCell)}}
	}
	return m, marks, ok
}

// countValues counts the values in v, and stops soon after maxMessageValues.
func countValues(v *datasource.Value) int {
	n := 1
	for i := 0; i < len(v.Fields) && n <= maxMessageValues; i++ {
		n += countValues(&v.Fields[i].Value)
	}
	for i := 0; i < len(v.Items) && n <= maxMessageValues; i++ {
		n += countValues(&v.Items[i])
	}
	return n
}

// joinMessages joins two lists of messages; fresh may be written to behind its end.
func joinMessages(fresh, old []datasource.Message, keep int) datasource.Value {
	room := max(0, min(len(old), keep-len(fresh)))
	out := append(fresh, old[:room]...)
	return datasource.Value{Type: datasource.TypeMessages, Messages: out[:min(len(out), keep)]}
}

// withMessages returns the key's messages with the pushed ones in front that
// are not among them.
func (d *datum) withMessages() datasource.Value {
	base := d.key.base.Messages
	var fresh []datasource.Message
	for i := len(d.push.overlays) - 1; i >= 0; i-- {
		m := d.push.overlays[i].message
		held := slices.ContainsFunc(base[:min(len(base), d.maxItems())], func(b datasource.Message) bool { return b.Value.Equal(&m.Value) })
		if !held {
			fresh = append(fresh, m)
		}
	}
	if len(fresh) == 0 && d.key.have {
		return d.key.base
	}
	return joinMessages(fresh, base, d.maxItems())
}
