package datasource

import (
	"strings"
	"time"
)

// Member says how a sorted set's member holds its value; the score is always
// the time. The zero value is MemberValue.
type Member string

// The member formats; "json:FIELD" takes FIELD from a JSON object.
const (
	MemberValue   Member = "{value}"      // the member is the number
	MemberTSValue Member = "{ts}:{value}" // a time, a colon, the number
	MemberJSON    Member = "json:"        // prefix of json:FIELD
)

// JSONField returns FIELD of a json:FIELD format.
func (m Member) JSONField() (string, bool) { return strings.CutPrefix(string(m), string(MemberJSON)) }

// Endpoint is where the Django API keeps the same datum. The zero value means
// that there isn't one.
type Endpoint struct {
	Path  string // below the API's base URL, with its query, variables filled in
	Pick  string // dotted path into the answer; a number indexes an array
	Time  string // series: the field that holds a point's time
	Value string // series: the field that holds a point's value
}

// Defined reports whether there is an endpoint at all.
func (e Endpoint) Defined() bool { return e.Path != "" }

// Ref says what one datum is called and where it lives, with every variable
// filled in. It is comparable.
type Ref struct {
	Name     string        // how widgets call it: "account", "quote.EURUSD"
	Kind     Kind          //
	Key      string        // Redis key; for KindChannel the channel, '*' makes it a pattern
	Live     string        // channel that pushes updates of the value; "" for none
	Member   Member        // KindZSet: the member format
	Window   time.Duration // KindZSet: how far back; 0 means all, within Keep
	Keep     int           // lists, streams, channels, series: how many at most; 0 means the default
	Fallback Endpoint      //
	Element  string        // of a repeated datum: the element that it is for, "EURUSD"; several are joined by '.'
	Vanishes bool          // of a repeated datum: a missing key means that the element is gone (positions, orders)
	Optional bool          // it need not be there: one that is missing is no problem
	Push     Push          // what of the messages on Live belongs to it
	Shape    Shape         // how the value is read out of what the source delivers
	Join     Pairs         // one object out of several keys: field → key; Key is "" then

	Unresolved string // why nothing can be read: a variable in its key cannot be looked up. Key is a template then
}

// ID identifies what a Ref points at, whatever it is called: two viewers that
// read the same key in the same way share one ID, one read and one Entry.
type ID Ref

// ID returns the identity of r: r without its name.
func (r Ref) ID() ID {
	r.Name = ""
	return ID(r)
}

// KeepItems returns how many entries of a list or stream are read: Keep, or the
// default.
func (r *Ref) KeepItems() int {
	if r.Keep <= 0 {
		return DefaultKeep
	}
	return min(r.Keep, MaxMembers)
}

// Group returns the part of a name before its first dot: the items of a
// repeated datum ("quote.EURUSD") share a group ("quote").
func Group(name string) string {
	g, _, _ := strings.Cut(name, ".")
	return g
}

// Item returns the part of a name after its first dot, or "".
func Item(name string) string {
	_, item, _ := strings.Cut(name, ".")
	return item
}

// Limits on what is read of one datum (RELIABILITY: nothing is cut silently,
// what is over a limit is shown as too big).
const (
	MaxValueBytes = 256 << 10 // one string, one message, one field
	MaxMembers    = 5000      // members of a sorted set, list or stream
	MaxFields     = 512       // fields of a hash or an object
	DefaultKeep   = 200       // lists, streams and channels without keep
)
