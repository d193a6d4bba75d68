package datasource

import (
	"errors"
	"strings"
	"time"
)

// Class says what kind of thing went wrong, so that screens, snapshots, logs
// and tests agree on the word.
type Class uint8

// The classes, with the word that is shown. Redis first, then the API, then
// both.
const (
	ClassUnknown     Class = iota
	ClassRefused           // nothing listens there
	ClassTimeout           // no answer in time
	ClassClosed            // the connection was cut
	ClassResolve           // no such host
	ClassTLS               // certificate or handshake
	ClassAuth              // wrong password, token refused: stop until it changes
	ClassPermission        // this command, key or channel is not allowed
	ClassWrongType         // another Redis type than expected
	ClassTooBig            // over a limit; never read whole, never cut silently
	ClassLoading           // LOADING, MASTERDOWN, BUSY: the server is not ready
	ClassCluster           // CLUSTERDOWN, MOVED without a node, sentinel without a master
	ClassBadReply          // not the protocol that was expected
	ClassMissing           // there is no such thing: a missing key, a 404
	ClassDecode            // the bytes are not what the datum should hold
	ClassRateLimited       // 429: wait until RetryAt
	ClassServer            // 5xx
	ClassRedirect          // the API points elsewhere; never followed with a token
	ClassBreaker           // not asked: too many failures in a row, until RetryAt
	ClassConfig            // cannot work as configured
	ClassSwitching         // the master is gone, its sentinels choose another
)

var classWords = [...]string{
	"failed", "refused", "no answer", "connection lost", "no such host", "tls failed", "wrong password",
	"no permission", "wrong type", "too big", "not ready", "cluster down", "bad reply", "missing", "unreadable",
	"throttled", "server error", "redirected", "breaker open", "misconfigured", "switching",
}

// String returns the word shown for c.
func (c Class) String() string {
	if int(c) < len(classWords) {
		return classWords[c]
	}
	return classWords[ClassUnknown]
}

// Fault is an error as data: what failed, in which class, when the next try
// is. It is immutable.
type Fault struct {
	Class   Class
	Source  SourceID  // who reports it
	Text    Safe      // one line, lower case, no full stop: "wrong type: expected hash, is zset"
	Hint    Safe      // what to do about it; may be empty
	RetryAt time.Time // the next try; zero when there is no set time
	Err     error     // the cause, for logs after redaction; may be nil

	// Command and Key are what was asked of Redis. Where permission is refused they
	// say which of the two is: the command, or the key (or channel) alone.
	Command, Key string

	// Channels are those that Text and Hint name, where a fault is about some
	// channels of many: not everybody may know of all of them, see Only.
	Channels []string
}

// Only returns f for a user with access to only some of the channels
// that it names: with the names of these alone, nil when it names none of them.
// A fault without Channels is about everybody.
func (f *Fault) Only(seen func(channel string) bool) *Fault {
	if f == nil || len(f.Channels) == 0 {
		return f
	}
	var mine []string
	for _, ch := range f.Channels {
		if seen(ch) {
			mine = append(mine, ch)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	g := *f
	g.Channels, g.Err = mine, nil
	g.Text = Clean(f.Class.String()+" ("+strings.Join(mine, ", ")+")", maxChannels)
	rule, _, _ := strings.Cut(f.Hint.String(), " &")
	g.Hint = Clean(rule+" &"+strings.Join(mine, " &"), maxChannels)
	return &g
}

// maxChannels bounds the text of a fault that names channels.
const maxChannels = 200

// Error returns the line that is shown.
func (f *Fault) Error() string {
	if f.Text.Empty() {
		return f.Class.String()
	}
	return f.Text.String()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// AsFault returns err as a Fault; an error of another kind becomes one of
// ClassUnknown with its text made safe.
func AsFault(err error, source SourceID) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Class: ClassUnknown, Source: source, Text: Clean(err.Error(), MaxCell), Err: err}
}

// ClassOf returns the class of err, ClassUnknown when it has none.
func ClassOf(err error) Class {
	var f *Fault
	if errors.As(err, &f) {
		return f.Class
	}
	return ClassUnknown
}
