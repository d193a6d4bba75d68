package snapshot

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// writeJSON writes the contract's object, one datum a line, so that it is easy
// on jq and on the eye. The order of keys is the contract's.
func writeJSON(w io.Writer, snap *datasource.Snapshot, o Options) error {
	now := o.nowOf(snap)
	b := append([]byte(nil), `{"at":"`...)
	b = now.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = appendText(append(b, `","config":`...), o.Config)
	b = append(b, ",\n \"sources\":{"...)
	for id := range datasource.NumSources {
		if id > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, id.String()), ':')
		b = appendSource(b, id, &snap.Sources[id])
	}
	b = append(b, "},\n \"data\":{"...)
	for i := range snap.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n  "...)
		b = appendEntry(b, o.newEntry(snap, i), now)
	}
	b = append(b, "}}\n"...)
	_, err := w.Write(b)
	return err
}

func appendSource(b []byte, id datasource.SourceID, s *datasource.Status) []byte {
	b = append(b, `{"state":"`...)
	b = append(append(b, s.Light.String()...), '"')
	if id != datasource.SourcePubSub && s.RTT > 0 {
		b = append(b, `,"rtt_ms":`...)
		ms := math.Round(float64(s.RTT)/float64(time.Millisecond)*100) / 100
		b = strconv.AppendFloat(b, ms, 'f', -1, 64)
	}
	if id == datasource.SourcePubSub {
		b = append(b, `,"channels":`...)
		b = strconv.AppendInt(b, int64(s.Channels), 10)
	}
	if s.Fault != nil {
		b = appendText(append(b, `,"error":`...), s.Fault.Error())
	}
	return append(b, '}')
}

func appendEntry(b []byte, x entry, now time.Time) []byte {
	e := x.e
	b = append(appendText(b, x.name), ':')
	b = append(b, `{"kind":"`...)
	b = append(b, x.ref.Kind.String()...)
	b = appendText(append(b, `","key":`...), x.ref.Key)
	b = append(b, `,"state":"`...)
	b = append(append(b, e.State.String()...), '"')
	if e.Known() {
		b = append(b, `,"origin":"`...)
		b = append(append(b, e.Origin.String()...), '"')
		b = append(b, `,"age_ms":`...)
		if age, ok := e.ValueAge(now); ok {
			b = strconv.AppendInt(b, age.Milliseconds(), 10)
		} else {
			b = append(b, "null"...)
		}
		if left, ok := e.TTL(now); ok {
			b = append(b, `,"ttl_ms":`...)
			b = strconv.AppendInt(b, left.Milliseconds(), 10)
		}
		b = append(b, `,"value":`...)
		b = decode.AppendJSON(b, &x.value)
	} else if e.State == datasource.StateLive { // a channel that nothing was said on yet
		b = append(b, `,"origin":"`...)
		b = append(append(b, e.Origin.String()...), `","value":[]`...)
	}
	if names := e.Marks.Names(); len(names) > 0 && e.Known() {
		b = append(b, `,"marks":["`...)
		b = append(append(b, strings.Join(names, `","`)...), `"]`...)
	}
	if e.Known() && e.Marks.Has(datasource.MarkPartsUnread) && !e.Why.Empty() {
		b = appendText(append(b, `,"note":`...), e.Why.String())
	}
	if t := troubleText(e, false); t != "" {
		b = appendText(append(b, `,"error":`...), t)
	}
	return append(b, '}')
}

// appendText appends untrusted text as a JSON string, through the gate.
func appendText(b []byte, s string) []byte {
	q, err := json.Marshal(datasource.Clean(s, datasource.MaxCell).String())
	if err != nil {
		return append(b, `""`...)
	}
	return append(b, q...)
}
