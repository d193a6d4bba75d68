package store

import "ticktop/datasource"

// Bounds of the history that the inspector shows.
const (
	ringSize  = 16
	pastNodes = 256 // a value of more parts is not kept
)

// valueRing holds the last values of a datum.
type valueRing struct {
	past [ringSize]datasource.Past
	n    int // ever pushed
}

func (r *valueRing) push(e *datasource.Entry) {
	r.past[r.n%ringSize] = datasource.Past{At: e.At, State: e.State, Origin: e.Origin, Value: shorten(e.Value)}
	r.n++
}

// newestFirst returns the values, newest first.
func (r *valueRing) newestFirst() []datasource.Past {
	out := make([]datasource.Past, 0, min(r.n, ringSize))
	for i := r.n - 1; i >= 0 && i >= r.n-ringSize; i-- {
		out = append(out, r.past[i%ringSize])
	}
	return out
}

// shorten bounds what the history holds on to. Of a series and of messages the
// newest stays, for the others are their own history; a very large value
// is replaced by a note.
func shorten(v datasource.Value) datasource.Value {
	if n := len(v.Points); n > 1 {
		v.Points = append([]datasource.Point(nil), v.Points[n-1])
	}
	if len(v.Messages) > 1 {
		v.Messages = append([]datasource.Message(nil), v.Messages[0])
	}
	if countParts(&v, 0) > pastNodes {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean("too large to keep", 0)}
	}
	return v
}

// countParts counts the parts of a value, and stops soon after pastNodes.
func countParts(v *datasource.Value, n int) int {
	n += 1 + len(v.Text.String())/64
	for i := range v.Fields {
		if n > pastNodes {
			return n
		}
		n = countParts(&v.Fields[i].Value, n)
	}
	for i := range v.Items {
		if n > pastNodes {
			return n
		}
		n = countParts(&v.Items[i], n)
	}
	return n
}
