package draw

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Absent fills a panel whose datum has no value to show: a sentence with what
// is wrong, the cause, the key, what to do. A panel is never blank. name is
// the datum's, e is nil when the viewer has no such datum.
func (p *Panel) Absent(name string, e *datasource.Entry, now time.Time) {
	mark, role := Mark(p.pal, StateOf(e))
	if e == nil {
		p.Say("…", theme.Dim, "waiting for "+name)
		return
	}
	if mark == "" { // live, but not with a value that can be shown
		mark, role = "…", theme.Dim
	}
	p.Say(mark, role, append([]string{stateHeadline(e)}, faultDetails(e, now)...)...)
}

// Wrong fills a panel whose datum has a value of another shape than the panel
// shows: "expected a series, have text".
func (p *Panel) Wrong(want string, e *datasource.Entry, now time.Time) {
	mark, role := Mark(p.pal, datasource.StateError)
	p.Say(mark, role, append([]string{"expected " + want + ", have " + TypeWord(e.Value.Type)}, faultDetails(e, now)...)...)
}

// Say fills a panel with a sentence: the first line in a role with its mark,
// the others quiet below. Lines are broken where they must be; what does not
// fit is left out from the end. The texts are ours, or cleaned.
func (p *Panel) Say(mark string, role theme.Role, lines ...string) {
	w := p.Width()
	indent := 0
	if w > 12 {
		indent = Width(mark) + 1
	}
	for i, text := range lines {
		r := theme.Label
		if i == 0 {
			r = role
		}
		for j, line := range Wrap(text, w-indent, 3) {
			if p.Full() {
				return
			}
			if i == 0 && j == 0 && indent > 0 {
				p.Lit(role, mark)
			}
			p.To(indent).Lit(r, line)
			p.EndLine()
		}
	}
}

// stateHeadline says in one line what state an entry without a value is in.
func stateHeadline(e *datasource.Entry) string {
	switch e.State {
	case datasource.StateLoading:
		if e.Fault != nil {
			return "waiting · " + Cause(e)
		}
		return "waiting for the first answer"
	case datasource.StateMissing:
		return "there is no such " + kindInWords(e.Ref.Kind)
	case datasource.StateError:
		if c := Cause(e); c != "" {
			return c
		}
		return "cannot be read"
	default:
		return "nothing yet"
	}
}

func kindInWords(k datasource.Kind) string {
	if k == datasource.KindChannel {
		return "channel"
	}
	return "key"
}

// faultDetails are the quiet lines: key, the API's side, the hint, the next try.
func faultDetails(e *datasource.Entry, now time.Time) []string {
	var lines []string
	if e.Ref.Key != "" {
		lines = append(lines, kindInWords(e.Ref.Kind)+" "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	}
	switch {
	case e.APIFault != nil && Cause(e) != faultLine(e.APIFault):
		lines = append(lines, faultLine(e.APIFault))
	case e.State == datasource.StateMissing && e.Ref.Fallback.Defined():
		if e.Why.Empty() {
			lines = append(lines, "not in the API either")
		} else {
			lines = append(lines, e.Why.String()) // "no API configured"
		}
	}
	if e.Fault != nil && !e.Fault.Hint.Empty() {
		lines = append(lines, e.Fault.Hint.String())
	}
	if r := nextTry(e, now); r != "" {
		lines = append(lines, r)
	}
	return lines
}

// Short says in a few words why an entry has no value to show: for rows, where
// Absent has no space.
func Short(e *datasource.Entry) string {
	if e == nil {
		return datasource.StateLoading.String()
	}
	if c := Cause(e); c != "" {
		return c
	}
	return e.State.String()
}

// TypeWord returns what a shape is called on screen, with its article.
func TypeWord(t datasource.Type) string {
	words := [...]string{
		"nothing", "null", "yes or no", "a number", "text", "an object", "a list", "a series", "messages",
	}
	if int(t) < len(words) {
		return words[t]
	}
	return "something else"
}
