package overlay

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/alertbook"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Rule is an armed alert rule as a list shows it.
type Rule struct {
	ID     string // names it to Edit, Remove and Test
	When   string // "EURUSD last above 1.08430"
	Now    string // "3.5 pip away", "1.1 pip now"; "" when it can't be said
	Own    bool   // made on screen: it can be edited and deleted
	Firing bool
	Level  widgets.Level // where a chart draws it; the zero one for what is no price
}

// AlertActions is what the list of alerts can do with rules; each may be nil.
type AlertActions struct {
	Rules  func() []Rule
	Add    func() tea.Cmd
	Edit   func(r Rule) tea.Cmd
	Test   func(r Rule) tea.Cmd
	Remove func(r Rule) tea.Cmd
	Cause  func(a *datasource.Alert) tea.Cmd // goes to the datum that fired it
}

// Alerts is the list of alerts: the active ones, which can be acknowledged and
// snoozed, the armed rules, and those that have ended.
type Alerts struct {
	Book *alertbook.Book
	Do   AlertActions

	cursor, offset int
}

// reachableRules returns the rules that can be reached by the cursor.
func (l *Alerts) reachableRules() []Rule {
	if l.Do.Rules == nil {
		return nil
	}
	return l.Do.Rules()
}

// Key implements Overlay.
func (l *Alerts) Key(h Host, msg tea.KeyPressMsg) tea.Cmd {
	h.Redraw()
	key := msg.String()
	if b, _ := h.Keys().Lookup(key, h.Replaying()); b.Action == keymap.Alerts {
		key = "esc"
	}
	switch key {
	case "esc", "q":
		h.Close()
	case "up", "k":
		l.moveCursor(-1)
	case "down", "j":
		l.moveCursor(1)
	case "home", "g":
		l.cursor = 0
	case "end", "G":
		l.moveCursor(1 << 20)
	case "space", "a", "A", "s":
		l.handleAlert(h, key)
	case "enter":
		if a := l.selectedAlert(); a != nil {
			if l.Do.Cause == nil {
				l.handleAlert(h, "a")
				return nil
			}
			return l.Do.Cause(a)
		}
		return l.withRule(l.Do.Edit)
	case "+", "n":
		if l.Do.Add != nil {
			return l.Do.Add()
		}
	case "e":
		return l.withRule(l.Do.Edit)
	case "t":
		return l.withRule(l.Do.Test)
	case "d", "delete":
		return l.withRule(l.Do.Remove)
	}
	return nil
}

// handleAlert acknowledges or snoozes the alert under the cursor, or all.
func (l *Alerts) handleAlert(h Host, key string) {
	switch a := l.selectedAlert(); {
	case key == "A":
		l.Book.AcknowledgeAll(h.Now())
	case a == nil:
	case key == "s":
		l.Book.ToggleSnooze(a, h.Now())
	default:
		l.Book.Acknowledge(a)
	}
	h.Rebuild()
}

// selectedAlert returns the alert under the cursor, nil when that is a rule.
func (l *Alerts) selectedAlert() *datasource.Alert {
	if l.cursor < len(l.Book.Active) {
		return &l.Book.Active[l.cursor]
	}
	return nil
}

func (l *Alerts) withRule(do func(Rule) tea.Cmd) tea.Cmd {
	if i := l.cursor - len(l.Book.Active); do != nil && i >= 0 {
		if rules := l.reachableRules(); i < len(rules) {
			return do(rules[i])
		}
	}
	return nil
}

func (l *Alerts) moveCursor(by int) {
	l.cursor = min(max(l.cursor+by, 0), max(len(l.Book.Active)+len(l.reachableRules())-1, 0))
}

// Paste implements Overlay.
func (l *Alerts) Paste(Host, string) {}

// Wheel implements Overlay.
func (l *Alerts) Wheel(_ Host, dy int) { l.moveCursor(dy) }

// Place implements Overlay.
func (l *Alerts) Place(_ Host, w, h int) layout.Rect {
	lines := len(l.Book.Active) + len(l.Book.History) + 4
	if n := len(l.reachableRules()); n > 0 {
		lines += n + 2
	}
	return centred(w, h, min(100, w-2), min(h-4, max(lines, 8)))
}

// Box implements Overlay.
func (l *Alerts) Box(h Host, r layout.Rect) (*chrome.Box, *Input) {
	note := "a acknowledge · A all · s snooze 10 min · q close"
	if l.Do.Add != nil {
		note = "+ new · e edit · d delete · t test · " + note
	}
	b := &chrome.Box{Title: datasource.Clean("Alerts", 16), Cursor: -1, Note: note}
	l.moveCursor(0)
	private, snap, now := h.HidesBalances(), h.Snapshot(), h.Now()
	for i := range l.Book.Active {
		a := &l.Book.Active[i]
		b.Rows = append(b.Rows, alertRow(a, private, snap, l.Book.State(a, now), draw.Age(now.Sub(a.Since))))
	}
	if len(b.Rows) == 0 {
		b.Rows = append(b.Rows, chrome.Row{{Role: theme.Good, Text: "no alert is firing"}})
	} else if l.cursor < len(l.Book.Active) {
		b.Cursor = l.cursor
	}
	if rules := l.reachableRules(); len(rules) > 0 {
		b.Rows = append(b.Rows, chrome.Row{}, headingRow("Armed"))
		for i, rule := range rules {
			if i == l.cursor-len(l.Book.Active) {
				b.Cursor = len(b.Rows)
			}
			b.Rows = append(b.Rows, ruleRow(&rule))
		}
	}
	if len(l.Book.History) > 0 {
		b.Rows = append(b.Rows, chrome.Row{}, headingRow("Ended"))
	}
	for _, a := range slices.Clone(l.Book.History) {
		b.Rows = append(b.Rows, alertRow(&a, private, snap, "lasted "+format.Stopwatch(a.Ended.Sub(a.Since)), timeOfDay(a.Ended, now)))
	}
	l.offset = scrollTo(l.offset, b.Cursor, b.Lines(r.H), len(b.Rows))
	b.Offset = l.offset
	return b, nil
}

func ruleRow(r *Rule) chrome.Row {
	mark, role := "○", theme.Label
	if r.Firing {
		mark, role = "●", theme.Warn
	}
	row := chrome.Row{{Role: role, Text: mark, W: 2}, {Role: theme.Text, Text: datasource.Clean(r.When, datasource.MaxCell).String(), W: 50}, {Text: " "}}
	source := "config"
	if r.Own {
		source = "own"
	}
	return append(row, chrome.Seg{Role: theme.Label, Text: source, W: 8}, chrome.Seg{Role: theme.Label, Text: datasource.Clean(r.Now, 64).String(), W: -1})
}

func alertRow(a *datasource.Alert, private bool, snap *datasource.Snapshot, state, when string) chrome.Row {
	role := theme.Text
	switch a.Level {
	case datasource.LevelWarning:
		role = theme.Warn
	case datasource.LevelCritical:
		role = theme.Bad
	case datasource.LevelInfo:
	}
	return chrome.Row{
		{Role: role, Text: a.Level.String(), W: 10}, {Role: theme.Label, Text: when, W: 16},
		{Role: theme.Label, Text: state, W: 15}, {Text: " "}, {Role: theme.Text, Text: alertbook.Text(a, private, snap).String(), W: -1},
	}
}
