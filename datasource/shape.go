package datasource

import (
	"encoding/json"
	"time"
)

// Shape says how a datum's value is read out of what its source delivers: the
// keys of the configuration's data language. The zero Shape takes the value as
// it is. It is comparable, so that two viewers who read a key in the same way
// share one read; package decode compiles it once.
type Shape struct {
	Pick       string        // path into the value: "a.b.0", '…' around a name with dots
	Where      Pairs         // rows, members or messages: only those with these fields
	Fields     Pairs         // standard name → the producer's names for it
	Values     Pairs         // "field.code" → the text shown for that code
	Time       string        // the field that is the datum's own time
	TimeFormat string        // strftime, where the form is not obvious
	Zone       string        // IANA name for times without a zone; "" is found out
	Latest     bool          // of a list, stream or sorted set the newest entry, as one object
	Newest     End           // which end of a list is newest
	Series     SeriesFields  // a series out of rows
	Columns    string        // names of the elements of arrays, comma separated
	Sep        string        // separates the columns of delimited text
	Decode     string        // forced decoders, comma separated: "base64,zlib,pickle"
	MaxAge     time.Duration // older is stale, whatever the TTL says; 0 for no such limit
	Market     bool          // market data: shown under a privacy policy too
	Show       string        // fields that look like secrets and aren't, comma separated
}

// End is an end of a list.
type End uint8

// The ends. EndUnknown is found out: by the times inside, else by growth.
const (
	EndUnknown End = iota
	EndFirst
	EndLast
)

// SeriesFields names what of a row is a point or a bar. Besides fields of the
// row there are the pseudo-fields @key @field @score @id @member. Step, on a
// hash of time → value, is the distance of its fields.
type SeriesFields struct {
	Time, Value                    string
	Open, High, Low, Close, Volume string
	Step                           time.Duration
}

// Defined reports whether a series is asked for.
func (s SeriesFields) Defined() bool { return s != SeriesFields{} }

// Push says what of the messages on Ref.Live belongs to the datum.
type Push struct {
	Pick   string // path into the message
	Where  Pairs  // only messages with these fields
	Into   string // the message goes into the hash field that this field of it names
	Shared bool   // the channel's name does not vary with the element: only messages that name the element count
}

// Pairs is a small ordered map in comparable form: JSON of [[name, value…]…].
// Make one with PairsOf.
type Pairs string

// Pair is one entry of Pairs; most have one value.
type Pair struct {
	Name   string
	Values []string
}

// PairsOf returns the pairs in the order given.
func PairsOf(in []Pair) Pairs {
	if len(in) == 0 {
		return ""
	}
	rows := make([][]string, len(in))
	for i, p := range in {
		rows[i] = append([]string{p.Name}, p.Values...)
	}
	b, _ := json.Marshal(rows) // strings always encode
	return Pairs(b)
}

// List returns the entries in order.
func (p Pairs) List() []Pair {
	if p == "" {
		return nil
	}
	var rows [][]string
	if json.Unmarshal([]byte(p), &rows) != nil {
		return nil
	}
	out := make([]Pair, 0, len(rows))
	for _, r := range rows {
		if len(r) > 0 {
			out = append(out, Pair{Name: r[0], Values: r[1:]})
		}
	}
	return out
}
