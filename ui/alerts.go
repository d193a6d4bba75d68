package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// AlertRule is an armed rule as the list of alerts shows it.
type AlertRule = overlay.Rule

// Alerts are the rules of one session: those of the configuration, and those
// that the user made on screen. Methods are called from Update and never wait.
type Alerts interface {
	// List returns the armed rules with what they compare now.
	List(s *datasource.Snapshot) []AlertRule
	// Add arms a condition of the alert language and returns its ID.
	Add(when string) (id string, err error)
	// Edit replaces the condition of a rule that was made on screen.
	Edit(id, when string) error
	// Remove takes away a rule that was made on screen.
	Remove(id string) error
	// Test says what a condition would do now: its value, and whether it fires.
	Test(when string, s *datasource.Snapshot) (says string, err error)
	// Evaluate returns the alerts of the rules made on screen that fire now.
	Evaluate(s *datasource.Snapshot, now time.Time) []datasource.Alert
}

// withOwnAlerts returns the snapshot with the alerts of the rules that the user
// made; the same snapshot when none fires.
func withOwnAlerts(m *Model, snap *datasource.Snapshot) *datasource.Snapshot {
	m.ownFiring = false
	if m.opt.Alerts == nil {
		return snap
	}
	own := m.opt.Alerts.Evaluate(snap, m.now)
	if len(own) == 0 {
		return snap
	}
	m.ownFiring = true
	next := *snap
	next.Alerts = slices.Concat(snap.Alerts, own)
	datasource.SortAlerts(next.Alerts)
	return &next
}

// armedAlerts returns how many rules there are, and the prices among them for
// the charts.
func armedAlerts(m *Model) (armed int, levels string) {
	if m.opt.Alerts == nil {
		return 0, ""
	}
	rules := m.opt.Alerts.List(m.snap)
	var prices []widgets.Level
	for i := range rules {
		if rules[i].Level.Element != "" {
			prices = append(prices, rules[i].Level)
		}
	}
	return len(rules), widgets.Levels(prices)
}

func newAlertList(m *Model) overlay.Overlay {
	l := &overlay.Alerts{Book: &m.alerts}
	l.Do.Cause = func(a *datasource.Alert) tea.Cmd { return openCause(m, a) }
	if rules := m.opt.Alerts; rules != nil {
		l.Do.Rules = func() []overlay.Rule { return rules.List(m.snap) }
		l.Do.Add = func() tea.Cmd { return addAlert(m) }
		l.Do.Edit = func(r overlay.Rule) tea.Cmd { return editAlert(m, r) }
		l.Do.Test = func(r overlay.Rule) tea.Cmd {
			says, _ := checkAlert(m, r.When)
			m.showMessage(theme.Label, says)
			return nil
		}
		l.Do.Remove = func(r overlay.Rule) tea.Cmd { return removeAlert(m, r) }
	}
	return l
}

// openCause goes to what fired: the page of its symbol, or the inspector.
func openCause(m *Model, a *datasource.Alert) tea.Cmd {
	host{m}.Close()
	name := a.Name.String()
	if item := datasource.Item(name); item != "" {
		for _, e := range elementsOf(m) {
			if e == item {
				return openSymbol(m, datasource.Clean(e, 64))
			}
		}
	}
	if m.snap.Get(name) == nil {
		m.showMessage(theme.Label, "the data of this alert is not on the dashboard")
		return nil
	}
	m.open(newInspector(m, widgets.Target{Name: name, Row: -1}))
	return nil
}

// addAlert asks for a condition, filled in with what is selected and its value
// now.
func addAlert(m *Model) tea.Cmd {
	if m.opt.Alerts == nil {
		m.showMessage(theme.Label, "no alerts can be made here")
		return nil
	}
	m.open(&overlay.Prompt{Title: "New alert", Line: overlay.NewInput(suggestCondition(m)), Help: alertHelp,
		Check: func(text string) (string, bool) { return checkAlert(m, text) },
		Done: func(text string) tea.Cmd {
			id, err := m.opt.Alerts.Add(text)
			if err != nil {
				m.showMessage(theme.Bad, err.Error())
				return nil
			}
			m.remembersUndo(func() tea.Cmd { return sayError(m, m.opt.Alerts.Remove(id)) })
			m.showMessage(theme.Good, "armed: "+text)
			return nil
		}})
	return nil
}

var alertHelp = []string{
	"quote.EURUSD.bid > 1.09 · change(quote.EURUSD.bid over 5m) < -0.5%",
	"account.margin_level < 150 · age(quote.EURUSD) > 10s",
}

func editAlert(m *Model, r overlay.Rule) tea.Cmd {
	if !r.Own {
		m.showMessage(theme.Label, "this rule is in the config: edit it there")
		return nil
	}
	m.open(&overlay.Prompt{Title: "Edit alert", Line: overlay.NewInput(r.When), Help: alertHelp,
		Check: func(text string) (string, bool) { return checkAlert(m, text) },
		Done: func(text string) tea.Cmd {
			m.remembersUndo(func() tea.Cmd { return sayError(m, m.opt.Alerts.Edit(r.ID, r.When)) })
			return sayError(m, m.opt.Alerts.Edit(r.ID, text))
		}})
	return nil
}

func removeAlert(m *Model, r overlay.Rule) tea.Cmd {
	if !r.Own {
		m.showMessage(theme.Label, "this rule is in the config: remove it there")
		return nil
	}
	if err := m.opt.Alerts.Remove(r.ID); err != nil {
		return sayError(m, err)
	}
	m.remembersUndo(func() tea.Cmd {
		_, err := m.opt.Alerts.Add(r.When)
		return sayError(m, err)
	})
	m.showMessage(theme.Label, "removed · "+m.opt.Keys.Key("undo")+" undo")
	return nil
}

func sayError(m *Model, err error) tea.Cmd {
	if err != nil {
		m.showMessage(theme.Bad, err.Error())
	} else {
		m.markChanged()
	}
	return nil
}

func checkAlert(m *Model, text string) (says string, bad bool) {
	if text == "" {
		return "", false
	}
	says, err := m.opt.Alerts.Test(text, m.snap)
	if err != nil {
		return err.Error(), true
	}
	return says, false
}

// suggestCondition spells out a condition on what is under the cursor, with its
// value now as the threshold.
func suggestCondition(m *Model) string {
	t, ok := m.focusedTarget()
	if m.place.thingPage != nil { // the price of the symbol that the page is about
		if name := quoteName(m, m.selected.String()); name != "" {
			t, ok = widgets.Target{Name: name, Row: -1}, true
		}
	}
	if !ok {
		return ""
	}
	e := m.snap.Get(t.Name)
	if !e.Known() || t.Row >= 0 || m.hidesValue(e) {
		return "age(" + alertPath(t.Name, "") + ") > 60s"
	}
	v := &e.Value
	field := t.Field
	if field == "" && v.Type == datasource.TypeObject {
		for _, name := range []string{"last", "bid", "equity", "price", "value"} {
			if f, ok := v.Field(name); ok && f.Type == datasource.TypeNumber && f.Num.Float() != 0 {
				field = name
				break
			}
		}
	}
	v = overlay.FieldOf(v, field)
	switch v.Type {
	case datasource.TypeNumber:
		return alertPath(t.Name, field) + " > " + v.Num.String()
	case datasource.TypeBool:
		return alertPath(t.Name, field) + " == " + strconv.FormatBool(!v.Bool)
	}
	return "age(" + alertPath(t.Name, "") + ") > 60s"
}

// quoteName returns the datum that has a symbol's price.
func quoteName(m *Model, symbol string) string {
	for i := range m.snap.Len() {
		name, e := m.snap.Nth(i)
		if datasource.Item(name) == symbol && e.Known() && e.Value.Type == datasource.TypeObject {
			if _, ok := e.Value.Field("bid"); ok {
				return name
			}
			if _, ok := e.Value.Field("last"); ok {
				return name
			}
		}
	}
	return ""
}

// alertPath writes a datum and a field as the alert language reads them: parts
// that it would misread are quoted.
func alertPath(name, field string) string {
	parts := []string{datasource.Group(name)}
	if item := datasource.Item(name); item != "" {
		parts = append(parts, item)
	}
	if field != "" {
		parts = append(parts, strings.Split(field, ".")...)
	}
	for i, p := range parts {
		plain := p != "" && !strings.ContainsFunc(p, func(r rune) bool {
			return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		})
		if !plain || p[0] >= '0' && p[0] <= '9' {
			parts[i] = strconv.Quote(p)
		}
	}
	return strings.Join(parts, ".")
}
