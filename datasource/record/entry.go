package record

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// entryJSON is a datasource.Entry on its line. Its Raw is not recorded: it is
// for the inspector alone, unbounded in kind, and would undo masking.
type entryJSON struct {
	Ref     *refJSON        `json:"r,omitempty"`
	Rev     uint64          `json:"rev"`
	State   string          `json:"s"`
	Origin  string          `json:"o"`
	Value   json.RawMessage `json:"v,omitempty"` // the whole value
	Diff    *valueDiff      `json:"d,omitempty"` // or its difference
	At      *int64          `json:"at,omitempty"`
	Changed *int64          `json:"ch,omitempty"`
	Arrived *int64          `json:"ar,omitempty"`
	Expires *int64          `json:"ex,omitempty"`
	Stamp   *int64          `json:"st,omitempty"` // epoch nanoseconds
	Fault   *faultJSON      `json:"f,omitempty"`
	API     *faultJSON      `json:"af,omitempty"`
	Why     string          `json:"w,omitempty"`
	Quiet   bool            `json:"q,omitempty"`
	Marks   uint8           `json:"m,omitempty"`
	Heard   *int64          `json:"qh,omitempty"`

	t int64 // of its line, set by the reader
}

// valueDiff is how a series or a list of messages differs from the one before: Off
// were dropped from its old end and New came at its new one.
type valueDiff struct {
	Off int             `json:"off,omitempty"`
	New json.RawMessage `json:"new,omitempty"` // a value of the same type; absent if nothing came
}

// refJSON is a datasource.Ref on its line.
type refJSON struct {
	Kind   string `json:"kind"`
	Key    string `json:"key"`
	Live   string `json:"live,omitempty"`
	Member string `json:"member,omitempty"`
	Window int64  `json:"window,omitempty"`
	Keep   int    `json:"keep,omitempty"`
	Path   string `json:"path,omitempty"`
	Pick   string `json:"pick,omitempty"`
	Time   string `json:"time,omitempty"`
	Value  string `json:"value,omitempty"`
	Name   string `json:"name,omitempty"`
	Market bool   `json:"market,omitempty"`
}

func packRef(r *datasource.Ref) *refJSON {
	return &refJSON{Kind: r.Kind.String(), Key: r.Key, Live: r.Live, Member: string(r.Member), Window: int64(r.Window), Keep: r.Keep,
		Path: r.Fallback.Path, Pick: r.Fallback.Pick, Time: r.Fallback.Time, Value: r.Fallback.Value, Name: r.Name, Market: r.Shape.Market}
}

func (r *refJSON) unpack() datasource.Ref {
	kind, _ := datasource.ParseKind(r.Kind) // an unknown one stays 0, "unknown"
	return datasource.Ref{Name: r.Name, Kind: kind, Key: r.Key, Live: r.Live, Member: datasource.Member(r.Member),
		Window: time.Duration(r.Window), Keep: r.Keep,
		Shape:    datasource.Shape{Market: r.Market},
		Fallback: datasource.Endpoint{Path: r.Path, Pick: r.Pick, Time: r.Time, Value: r.Value}}
}

// tooBig takes the place of a value that no line can hold.
var tooBig = datasource.Clean("too big to be recorded", 0)

// packEntry puts an entry on a line of time t. prev is the last one of the same
// name in this block, nil if there isn't one. kept is the entry as a reader will have it:
// e, unless its value is too big for a line.
func packEntry(e, prev *datasource.Entry, t time.Time) (j *entryJSON, kept *datasource.Entry) {
	j = &entryJSON{Rev: e.Rev, State: e.State.String(), Origin: e.Origin.String(),
		At: packTime(e.At, t), Changed: packTime(e.Changed, t), Arrived: packTime(e.Arrived, t), Expires: packTime(e.Expires, t),
		Fault: packFault(e.Fault, t), API: packFault(e.APIFault, t), Why: e.Why.String(), Quiet: e.Quiet, Marks: uint8(e.Marks), Heard: packTime(e.Heard, t)}
	if !e.Stamp.IsZero() {
		ns := e.Stamp.UnixNano()
		j.Stamp = &ns
	}
	if prev == nil || prev.Ref != e.Ref && *prev.Ref != *e.Ref {
		j.Ref = packRef(e.Ref)
	}
	if prev != nil {
		j.Diff = diffValues(&prev.Value, &e.Value)
	}
	if j.Diff != nil && len(j.Diff.New) <= maxValue {
		return j, e
	}
	j.Diff, j.Value = nil, decode.Encode(nil, &e.Value)
	if len(j.Value) <= maxValue {
		return j, e
	}
	big := *e
	big.Value = datasource.Value{Type: datasource.TypeText, Text: tooBig}
	j.Value = decode.Encode(nil, &big.Value)
	return j, &big
}

// unpack makes an entry of a line; prev is what Ref and Moved refer to.
func (j *entryJSON) unpack(prev *datasource.Entry, t time.Time) (*datasource.Entry, error) {
	state, ok := datasource.ParseState(j.State)
	if !ok {
		return nil, fmt.Errorf("unknown state %.40q", j.State)
	}
	e := &datasource.Entry{Rev: j.Rev, State: state, Origin: parseSource(j.Origin),
		At: unpackTime(j.At, t), Changed: unpackTime(j.Changed, t), Arrived: unpackTime(j.Arrived, t), Expires: unpackTime(j.Expires, t),
		Fault: j.Fault.unpack(t), APIFault: j.API.unpack(t), Why: safeText(j.Why), Quiet: j.Quiet, Marks: datasource.Marks(j.Marks), Heard: unpackTime(j.Heard, t)}
	if j.Stamp != nil {
		e.Stamp = time.Unix(0, *j.Stamp).UTC()
	}
	switch {
	case j.Ref != nil:
		e.Ref = new(j.Ref.unpack())
	case prev != nil:
		e.Ref = prev.Ref
	default:
		e.Ref = &datasource.Ref{} // a damaged recording
	}
	var err error
	switch {
	case j.Diff == nil:
		e.Value, err = decode.FromJSON(j.Value)
	case prev == nil:
		return nil, fmt.Errorf("a difference without anything before it")
	default:
		e.Value, err = j.Diff.apply(&prev.Value)
	}
	return e, err
}

// diffValues returns how v follows from prev, or nil where that is not shorter
// than v itself.
func diffValues(prev, v *datasource.Value) *valueDiff {
	switch {
	case prev.Type != v.Type:
		return nil
	case v.Type == datasource.TypeSeries && len(v.Points) > 0:
		return diffPoints(prev.Points, v.Points)
	case v.Type == datasource.TypeMessages && len(v.Messages) > 0:
		return diffMessages(prev.Messages, v.Messages)
	}
	return nil
}

func diffPoints(prev, points []datasource.Point) *valueDiff {
	off := 0
	for off < len(prev) && prev[off].MS < points[0].MS {
		off++
	}
	kept := len(prev) - off
	if kept == 0 || kept > len(points) {
		return nil
	}
	for i := range kept {
		if a, b := prev[off+i], points[i]; a.MS != b.MS || math.Float64bits(a.V) != math.Float64bits(b.V) {
			return nil
		}
	}
	m := &valueDiff{Off: off}
	if kept < len(points) {
		m.New = decode.Encode(nil, &datasource.Value{Type: datasource.TypeSeries, Points: points[kept:]})
	}
	return m
}

func diffMessages(prev, messages []datasource.Message) *valueDiff {
	for added := range messages {
		kept := len(messages) - added
		if kept > len(prev) || !sameMessages(prev[:kept], messages[added:]) {
			continue
		}
		m := &valueDiff{Off: len(prev) - kept}
		if added > 0 {
			m.New = decode.Encode(nil, &datasource.Value{Type: datasource.TypeMessages, Messages: messages[:added]})
		}
		return m
	}
	return nil
}

func sameMessages(a, b []datasource.Message) bool {
	for i := range a {
		if !a[i].At.Equal(b[i].At) || a[i].ID != b[i].ID || !a[i].Value.Equal(&b[i].Value) {
			return false
		}
	}
	return true
}

// apply makes the value that follows prev.
func (m *valueDiff) apply(prev *datasource.Value) (datasource.Value, error) {
	v := datasource.Value{Type: prev.Type}
	added := v
	if m.New != nil {
		var err error
		if added, err = decode.FromJSON(m.New); err != nil {
			return v, err
		}
	}
	kept := max(len(prev.Points), len(prev.Messages)) - m.Off
	if m.Off < 0 || kept < 0 || added.Type != prev.Type {
		return v, fmt.Errorf("a difference that does not fit what was before it")
	}
	switch v.Type {
	case datasource.TypeSeries:
		if kept+len(added.Points) > 2*datasource.MaxMembers {
			return v, fmt.Errorf("a series of more than %d points", 2*datasource.MaxMembers)
		}
		v.Points = append(append(make([]datasource.Point, 0, kept+len(added.Points)), prev.Points[m.Off:]...), added.Points...)
	case datasource.TypeMessages:
		if kept+len(added.Messages) > 2*datasource.MaxMembers {
			return v, fmt.Errorf("more than %d messages", 2*datasource.MaxMembers)
		}
		v.Messages = append(append(make([]datasource.Message, 0, kept+len(added.Messages)), added.Messages...), prev.Messages[:kept]...)
	default:
		return v, fmt.Errorf("a difference of a value that cannot have one")
	}
	return v, nil
}
