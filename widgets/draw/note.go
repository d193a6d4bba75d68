package draw

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Note is the bottom line of a panel: what is not plain about its data, in
// words, the worst first. It is empty when everything is live.
//
// One entry, or several in the same state, tell all there is to say, behind
// their mark: "◐ api · 12 s · 48 s left", "○ stale 34 s · redis: refused",
// "✕ no permission (get) · retry in 4 s". What has been stale for long is said
// with its time of day: "no data since 14:02". Entries in several states are counted:
// "11 live · 1 stale". With stamps the times of day replace the ages.
func Note(entries []*datasource.Entry, now time.Time, stamps bool) (datasource.Safe, theme.Role) {
	var count [datasource.StateError + 1]int
	var worst *datasource.Entry
	quiet := 0
	for _, e := range entries {
		s := StateOf(e)
		count[s]++
		if s == datasource.StateLive && !Unremarked(e) {
			quiet++
		}
		if isWorse(e, worst) {
			worst = e
		}
	}
	switch {
	case len(entries) == 0 || count[datasource.StateLive] == len(entries) && quiet == 0:
		return datasource.Safe{}, theme.Text
	case len(entries) > 1 && count[StateOf(worst)] < len(entries):
		text, role := tallyStates(count)
		return datasource.Clean(text, datasource.MaxCell), role
	}
	text, role := explainEntry(worst, now, stamps)
	if quiet > 0 && quiet < len(entries) {
		text = strconv.Itoa(quiet) + " of " + strconv.Itoa(len(entries)) + " " + text
	}
	return datasource.Clean(noteMark(worst)+text, datasource.MaxCell), role
}

// Source is Note of data that belong together, which tells also of what is live
// where it is from: "depth:EURUSD · redis · now".
func Source(entries []*datasource.Entry, now time.Time, stamps bool) (datasource.Safe, theme.Role) {
	if note, role := Note(entries, now, stamps); !note.Empty() {
		return note, role
	}
	if len(entries) == 0 || !entries[0].Known() {
		return datasource.Safe{}, theme.Text
	}
	e := entries[0]
	age := "now"
	if at := e.SinceChange(now); at >= time.Second || stamps {
		age = AgeOrClock(now.Add(-at), now, stamps)
	}
	return datasource.Clean(e.Ref.Key+" · "+e.Origin.String()+" · "+age, datasource.MaxCell), theme.Dim
}

// Words is what Note says of one entry, without its mark: for a row that has the
// mark already.
func Words(e *datasource.Entry, now time.Time, stamps bool) (datasource.Safe, theme.Role) {
	text, role := explainEntry(e, now, stamps)
	return datasource.Clean(text, datasource.MaxCell), role
}

// noteMark is the mark of an entry's state and a blank, "" for what is live or
// only on its way.
func noteMark(e *datasource.Entry) string {
	switch StateOf(e) {
	case datasource.StateFallback:
		return "◐ "
	case datasource.StateStale:
		return "○ "
	case datasource.StateMissing, datasource.StateError:
		return "✕ "
	case datasource.StateLive:
		if e.Quiet {
			return "! "
		}
	case datasource.StateLoading:
	}
	return ""
}

// severity orders the states for the eye.
var severity = [...]int{
	datasource.StateLive: 0, datasource.StateFallback: 2, datasource.StateLoading: 3,
	datasource.StateStale: 4, datasource.StateMissing: 5, datasource.StateError: 6,
}

// isWorse reports whether e is worth more words than than.
func isWorse(e, than *datasource.Entry) bool {
	switch {
	case e == nil:
		return false
	case than == nil:
		return true
	}
	a, b := severity[e.State], severity[than.State]
	if a != b {
		return a > b
	}
	if e.Quiet != than.Quiet {
		return e.Quiet
	}
	if Unremarked(e) != Unremarked(than) { // one that has words is worth more of them
		return Unremarked(than)
	}
	return e.At.Before(than.At)
}

// tallyStates counts entries of several states: the live ones, then the worst first.
func tallyStates(count [datasource.StateError + 1]int) (string, theme.Role) {
	order := [...]struct {
		state datasource.State
		word  string
		role  theme.Role
	}{
		{datasource.StateError, "failed", theme.Bad},
		{datasource.StateMissing, "missing", theme.Bad},
		{datasource.StateStale, "stale", theme.Warn},
		{datasource.StateFallback, "from the API", theme.FromAPI},
		{datasource.StateLoading, "loading", theme.Dim},
	}
	var b strings.Builder
	role := theme.NumRoles
	add := func(n int, word string) {
		if b.Len() > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(strconv.Itoa(n) + " " + word)
	}
	if n := count[datasource.StateLive]; n > 0 {
		add(n, "live")
	}
	for _, o := range order {
		if n := count[o.state]; n > 0 {
			add(n, o.word)
			if role == theme.NumRoles {
				role = o.role
			}
		}
	}
	return b.String(), role
}

// Unremarked reports whether a live entry needs no words: nothing is quiet, and its
// value is simply what its producer wrote.
func Unremarked(e *datasource.Entry) bool {
	return !e.Quiet && e.Why.Empty() && markWords(e) == ""
}

// markWords says what has to be said of a value beside its state: "order
// assumed", "some rows unread".
func markWords(e *datasource.Entry) string {
	if e == nil || e.Marks == 0 || !e.Known() {
		return ""
	}
	var words []string
	add := func(mark datasource.Marks, text string) {
		if e.Marks.Has(mark) {
			words = append(words, text)
		}
	}
	if e.Ref != nil && (e.Ref.Kind.IsSeries() || e.Ref.Shape.Series.Defined()) { // elsewhere the age itself is "?"
		add(datasource.MarkStampUnknown, "times without a zone")
	}
	add(datasource.MarkOrderAssumed, "order assumed")
	add(datasource.MarkMixedUnits, "times in several units")
	if e.Why.Empty() { // it counts them
		add(datasource.MarkPartsUnread, "parts unread")
	}
	add(datasource.MarkSecretsMasked, "secrets masked")
	return strings.Join(words, separator)
}

// explainEntry tells about one entry all that its panel does not show.
func explainEntry(e *datasource.Entry, now time.Time, stamps bool) (string, theme.Role) {
	text, role := explainState(e, now, stamps)
	if words := markWords(e); words != "" && text != "" {
		text += withSeparator(words)
	} else if words != "" {
		text = words
	}
	return text, role
}

// explainState is explain without what is said of the value itself.
func explainState(e *datasource.Entry, now time.Time, stamps bool) (string, theme.Role) {
	switch StateOf(e) {
	case datasource.StateLive:
		if e.Quiet {
			return "quiet " + sinceWords(lastHeard(e, now), now, stamps), theme.Warn
		}
		return e.Why.String(), theme.Dim
	case datasource.StateFallback:
		text := "api · " + AgeOrClock(e.At, now, stamps)
		if left, ok := e.TTL(now); ok {
			text += " · " + Left(left) + " left"
		}
		if e.Marks.Has(datasource.MarkPartsUnread) {
			text += withSeparator(e.Why.String())
		}
		return text, theme.FromAPI
	case datasource.StateStale:
		return staleWords(e.At, now, stamps) + withSeparator(Cause(e)) + withSeparator(APICause(e)) + withSeparator(nextTry(e, now)), theme.Warn
	case datasource.StateMissing:
		return "missing" + withSeparator(nextTry(e, now)), theme.Bad
	case datasource.StateError:
		return Cause(e) + withSeparator(nextTry(e, now)), theme.Bad
	case datasource.StateLoading:
	}
	if e != nil && e.Fault != nil {
		return "loading" + withSeparator(Cause(e)) + withSeparator(nextTry(e, now)), theme.Warn
	}
	return "loading", theme.Dim
}

// lastHeard is when the channel of a quiet entry last spoke. Recordings of before
// this was kept have the last change of the value.
func lastHeard(e *datasource.Entry, now time.Time) time.Time {
	if !e.Heard.IsZero() {
		return e.Heard
	}
	return now.Add(-e.SinceChange(now))
}

// longStale is the age from which a value is said to be old by the clock: a
// trader knows what happened since 14:02, and not what happened 47 min ago.
const longStale = 15 * time.Minute

func staleWords(at, now time.Time, stamps bool) string {
	if at.IsZero() || now.Sub(at) < longStale {
		return "stale " + sinceWords(at, now, stamps)
	}
	layout := "15:04"
	if now.Sub(at) > 12*time.Hour {
		layout = "2 Jan 15:04"
	}
	return "no data since " + at.In(now.Location()).Format(layout)
}

func sinceWords(t, now time.Time, stamps bool) string {
	if stamps {
		return "since " + Clock(t, now)
	}
	return Age(now.Sub(t))
}

// withSeparator puts the separator of notes before text that is there.
func withSeparator(s string) string {
	if s == "" {
		return ""
	}
	return separator + s
}

// separator stands between the parts of a note.
const separator = " · "

// Cause returns why an entry is not live: "redis: refused",
// "no permission (get)", "key expired"; "" when nothing is known.
func Cause(e *datasource.Entry) string {
	switch {
	case e == nil:
		return ""
	case !e.Why.Empty():
		return e.Why.String()
	case e.Fault == nil && e.APIFault != nil:
		return faultLine(e.APIFault)
	case e.Fault == nil:
		return ""
	default:
		return faultLine(e.Fault)
	}
}

// APICause returns what the API said, where Cause tells only about the other
// source: "api: 500". Both have failed then.
func APICause(e *datasource.Entry) string {
	if e == nil || e.APIFault == nil {
		return ""
	}
	if text := faultLine(e.APIFault); text != Cause(e) {
		return text
	}
	return ""
}

// faultLine is a fault's text, with its source in front unless it is there.
func faultLine(f *datasource.Fault) string {
	text, source := f.Error(), f.Source.String()+": "
	if strings.HasPrefix(text, source) || f.Class == datasource.ClassPermission {
		return text
	}
	return source + text
}

// nextTry says when the next try is: the earliest that is set.
func nextTry(e *datasource.Entry, now time.Time) string {
	var at time.Time
	for _, f := range [...]*datasource.Fault{e.Fault, e.APIFault} {
		if f != nil && f.RetryAt.After(now) && (at.IsZero() || f.RetryAt.Before(at)) {
			at = f.RetryAt
		}
	}
	if at.IsZero() {
		return ""
	}
	return "retry in " + Left(at.Sub(now))
}
