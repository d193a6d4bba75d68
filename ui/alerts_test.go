package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
)

func TestPrivate(t *testing.T) {
	m, _, _ := session(t, 160, 45, func(o *Options) { o.Private = true })
	mustNotSee(t, m, "48911.20")
	press(m, "i")
	mustSee(t, m, "balances are hidden")
	mustNotSee(t, m, "48911.20", "raw")
	press(m, "esc")
	if cmd := press(m, "y"); cmd != nil {
		t.Error("a hidden balance was copied")
	}
	press(m, "J")
	if cmd := press(m, "y"); cmd == nil {
		t.Error("a price is no balance")
	}
	policy := *m.dash
	policy.Private = true
	m.dash = &policy
	press(m, "x")
	mustSee(t, m, "hidden by policy")
	mustNotSee(t, m, "48911.20")
}

// TestPrivateAlerts: with balances hidden an alert names its datum and no
// figure; prices are no balances.
func TestPrivateAlerts(t *testing.T) {
	m, _, feed := session(t, 160, 45, func(o *Options) { o.Private, o.Notify = true, "osc9" })
	withAlerts(m, feed)
	press(m, "!")
	mustSee(t, m, "account (balances are hidden)", "quote.EURUSD is 6 s old")
	mustNotSee(t, m, "44,910.20", "45000", "45,012")
}

func TestAlerts(t *testing.T) {
	m, _, feed := session(t, 160, 45, func(o *Options) { o.Notify = "osc9" })
	base := feed.snap
	withAlerts(m, feed)
	mustSee(t, m, "CRITICAL", "account.equity 44,910.20 (was 45,012.00)", "1:15", "! alerts")
	alerts := m.snap.Alerts
	press(m, "!", "a", "esc") // the first is acknowledged: the second is the loudest
	mustSee(t, m, "WARNING", "quote.EURUSD is 6 s old")
	press(m, "!", "j", "s")
	mustSee(t, m, "acknowledged", "snoozed 10 min")
	press(m, "esc")
	mustNotSee(t, m, "CRITICAL", "WARNING")
	mustSee(t, m, "! 2 alerts acknowledged") // case 18: still counted and marked
	if m.Title() != "ticktop · ACC-1001 · Overview" {
		t.Errorf("title %q", m.Title())
	}
	m.Update(clock(11 * time.Minute)) // the snooze is over
	mustSee(t, m, "WARNING")
	showSnapshot(m, base)
	mustNotSee(t, m, "WARNING")
	press(m, "!")
	mustSee(t, m, "no alert is firing", "Ended", "lasted")
	if len(m.alerts.History) != 3 {
		t.Errorf("history of %d", len(m.alerts.History))
	}
	press(m, "esc")

	again := laterSnapshot(base, 2)
	again.Alerts = []datasource.Alert{alerts[0]}
	again.Alerts[0].Since = at.Add(time.Minute)
	cmd := showSnapshot(m, again)
	if cmd == nil {
		t.Fatal("no notification")
	}
	var sent []string
	for _, c := range cmd().(tea.BatchMsg) {
		sent = append(sent, c().(tea.RawMsg).Msg.(string))
	}
	if got := strings.Join(sent, "|"); got != "\a|\x1b]9;ticktop: account.equity 44,910.20 (was 45,012.00)\x07" {
		t.Errorf("sent %q", got)
	}
	if showSnapshot(m, again) != nil {
		t.Error("told twice")
	}

	// Acknowledged, it is quiet also in a picture of another feed, which tells
	// a moment later when it fired; when it fires anew it is loud again.
	press(m, "!", "a", "esc")
	other := laterSnapshot(again, 1)
	other.Alerts = []datasource.Alert{again.Alerts[0]}
	other.Alerts[0].Since = again.Alerts[0].Since.Add(3 * time.Millisecond)
	if pic := m.Frame().Render(other, at); strings.Contains(pic, "CRITICAL") {
		t.Error("loud in the shared picture")
	}
	showSnapshot(m, other)
	mustSee(t, m, "CRITICAL")
}

func TestNotification(t *testing.T) {
	for how, want := range map[string]string{
		"osc9": "\x1b]9;a,b: c,d\x07", "osc777": "\x1b]777;notify;a,b;c,d\x07", "osc99": "\x1b]99;;a,b: c,d\x07", "bell": "", "": "",
	} {
		if got := desktopNotification(how, "a;b", "c;d"); got != want {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
	}
}

func TestCopyIsWrapped(t *testing.T) {
	for _, c := range []struct {
		term string
		env  []string
		want string
	}{
		{"xterm-256color", nil, "\x1b]52;c;eA==\x07"},
		{"tmux-256color", nil, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"},
		{"xterm", []string{"TMUX=/tmp/x,1,0"}, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"},
		{"screen-256color", nil, "\x1bP\x1b]52;c;eA==\x07\x1b\\"},
	} {
		msg := newTerminal(c.term, tea.EnvMsg(c.env)).copyText("x")().(tea.RawMsg)
		if msg.Msg != c.want {
			t.Errorf("%s %v: %q, want %q", c.term, c.env, msg.Msg, c.want)
		}
	}
}
