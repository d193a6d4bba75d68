package app

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/alert"
	"ticktop/datasource/names"
	"ticktop/ui"
	"ticktop/widgets"
)

// ownAlerts are the rules of one session: those of the configuration, which are
// evaluated once a process for all, and those that its user made on screen,
// which are evaluated here, on the snapshots that the session shows. It belongs
// to the session's goroutine.
type ownAlerts struct {
	configured func() []*alert.Rule
	own        []ownRule
	made       int // rules made so far, for IDs
	state      *alert.State
	firing     map[string]bool // IDs
}

var _ ui.Alerts = (*ownAlerts)(nil)

type ownRule struct {
	id   string
	when string
	rule *alert.Rule
}

// maxOwnAlerts bounds the rules of a session.
const maxOwnAlerts = 100

// ownRuleBase is added to the number of a session's own rule, so that it isn't one
// of the configuration's.
const ownRuleBase = 1 << 20

var holdSuffix = regexp.MustCompile(`^(.*\S)\s+for\s+(\d+(?:ms|s|m|h))$`)

// compileAlert compiles a condition as it is typed: "… for 10s" is how long it
// must hold.
func compileAlert(when string) (*alert.Rule, error) {
	var opts []alert.Option
	cond := strings.TrimSpace(when)
	if m := holdSuffix.FindStringSubmatch(cond); m != nil {
		if hold, err := time.ParseDuration(m[2]); err == nil {
			cond, opts = m[1], append(opts, alert.For(hold))
		}
	}
	return alert.Compile(cond, datasource.LevelWarning, opts...)
}

// List implements ui.Alerts.
func (o *ownAlerts) List(s *datasource.Snapshot) []ui.AlertRule {
	firing := map[int]bool{}
	for i := range s.Alerts {
		firing[s.Alerts[i].Rule] = true
	}
	var out []ui.AlertRule
	for i, r := range o.configured() {
		out = append(out, ui.AlertRule{ID: "config " + strconv.Itoa(i), When: r.When.String(), Now: valueNow(r.When.String(), s), Firing: firing[i], Level: levelOf(r.When.String(), s)})
	}
	for _, r := range o.own {
		out = append(out, ui.AlertRule{ID: r.id, When: r.when, Now: valueNow(r.when, s), Own: true, Firing: o.firing[r.id], Level: levelOf(r.when, s)})
	}
	return out
}

// Add implements ui.Alerts.
func (o *ownAlerts) Add(when string) (string, error) {
	if len(o.own) >= maxOwnAlerts {
		return "", fmt.Errorf("%d alerts are the most that can be made: delete one", maxOwnAlerts)
	}
	rule, err := compileAlert(when)
	if err != nil {
		return "", err
	}
	o.made++
	id := "own " + strconv.Itoa(o.made)
	o.own = append(o.own, ownRule{id, strings.TrimSpace(when), rule})
	o.state = nil // rules are numbered by their place
	return id, nil
}

// Edit implements ui.Alerts.
func (o *ownAlerts) Edit(id, when string) error {
	rule, err := compileAlert(when)
	if err != nil {
		return err
	}
	for i := range o.own {
		if o.own[i].id == id {
			o.own[i].when, o.own[i].rule = strings.TrimSpace(when), rule
			o.state = nil
			return nil
		}
	}
	return errNoSuchAlert
}

// Remove implements ui.Alerts.
func (o *ownAlerts) Remove(id string) error {
	for i := range o.own {
		if o.own[i].id == id {
			o.own = append(o.own[:i:i], o.own[i+1:]...)
			o.state = nil
			return nil
		}
	}
	return errNoSuchAlert
}

var errNoSuchAlert = fmt.Errorf("this alert is gone already")

// Test implements ui.Alerts.
func (o *ownAlerts) Test(when string, s *datasource.Snapshot) (string, error) {
	rule, err := compileAlert(when)
	if err != nil {
		return "", err
	}
	if absent := rule.Absent(s); len(absent) > 0 {
		return "", absent[0]
	}
	now := valueNow(when, s)
	if alerts, _ := alert.Eval([]*alert.Rule{rule}, s, s.At, nil); len(alerts) > 0 {
		return "true now: " + alerts[0].Text.String(), nil
	}
	if now != "" {
		return "not true now: " + now, nil
	}
	return "not true now", nil
}

// Evaluate implements ui.Alerts.
func (o *ownAlerts) Evaluate(s *datasource.Snapshot, now time.Time) []datasource.Alert {
	if len(o.own) == 0 {
		o.firing = nil
		return nil
	}
	rules := make([]*alert.Rule, len(o.own))
	for i := range o.own {
		rules[i] = o.own[i].rule
	}
	alerts, state := alert.Eval(rules, s, now, o.state)
	o.state, o.firing = state, map[string]bool{}
	var out []datasource.Alert
	for _, a := range alerts {
		if !a.Ended.IsZero() {
			continue
		}
		o.firing[o.own[a.Rule].id] = true
		a.Rule += ownRuleBase
		out = append(out, a)
	}
	return out
}

// comparison is a condition that compares one value with one number.
var comparison = regexp.MustCompile(`^\s*([A-Za-z_][\w."]*)\s*(<=|>=|<|>)\s*(-?[\d.]+)(?:\s+for\s+\w+)?\s*$`)

// levelOf returns the price that a simple comparison with one has, and the
// symbol that it is about; the zero Level for any other condition.
func levelOf(when string, s *datasource.Snapshot) widgets.Level {
	m := comparison.FindStringSubmatch(when)
	if m == nil {
		return widgets.Level{}
	}
	path := strings.ReplaceAll(m[1], `"`, "")
	at := strings.LastIndexByte(path, '.')
	if at < 0 || s.Get(path[:at]) == nil || datasource.Item(path[:at]) == "" {
		return widgets.Level{}
	}
	limit, valid := datasource.ParseNumber(m[3])
	switch is, ok := names.OfQuote(path[at+1:]); {
	case !ok || !valid || !limit.Finite():
		return widgets.Level{}
	case is != names.Bid && is != names.Ask && is != names.Last && is != names.Mid:
		return widgets.Level{}
	}
	words := "above"
	if m[2][0] == '<' {
		words = "below"
	}
	return widgets.Level{Element: datasource.Item(path[:at]), Words: words, Price: limit.Float()}
}

// valueNow says the value that a simple comparison looks at, and how far it is
// from the threshold; "" for any other condition.
func valueNow(when string, s *datasource.Snapshot) string {
	m := comparison.FindStringSubmatch(when)
	if m == nil {
		return ""
	}
	path := strings.ReplaceAll(m[1], `"`, "")
	for _, name := range s.Names() {
		field, ok := strings.CutPrefix(path, name+".")
		e := s.Get(name)
		if !ok && path != name || !e.Known() {
			continue
		}
		v := &e.Value
		if ok {
			if v, ok = v.Field(field); !ok {
				continue
			}
		}
		n, isNumber := v.Number()
		limit, valid := datasource.ParseNumber(m[3])
		if !isNumber || !valid {
			return ""
		}
		away := limit.Float() - n.Float()
		decimals := max(n.Decimals(), limit.Decimals())
		return n.String() + " now, " + strconv.FormatFloat(max(away, -away), 'f', decimals, 64) + " away"
	}
	return ""
}
