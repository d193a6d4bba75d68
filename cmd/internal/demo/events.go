package demo

import (
	"fmt"
	"slices"
	"time"
)

// maxPast is how many notifications the API remembers.
const maxPast = 300

// addEvents are what happens to everybody: sessions that open, and news.
func (m *Market) addEvents() {
	if s := m.tape.sessionName(); s != m.session {
		m.session = s
		m.sayAll("INFO", "session opened: %s", s)
	}
	if m.tape.now < m.news {
		m.setFlag("news_filter", false)
		return
	}
	m.news = m.tape.now + 1800 + 3600*m.tape.rng.Float64()
	name, dir := [...]string{facUSD: "USD", facRisk: "stocks"}, "lower"
	factor, up := m.tape.applyShock()
	if up {
		dir = "higher"
	}
	m.setFlag("news_filter", true)
	m.sayAll("WARN", "news: %s sharply %s, spreads widen", name[factor], dir)
}

// notifyAccount is the desk's way to notify an account.
func (m *Market) notifyAccount(a *account, level, format string, args ...any) {
	n := note{account: a, atMS: m.clock.UnixMilli(), level: level, text: fmt.Sprintf(format, args...)}
	m.notes = append(m.notes, n)
	if len(m.past) == maxPast {
		copy(m.past, m.past[1:])
		m.past = m.past[:maxPast-1]
	}
	m.past = append(m.past, n)
}

func (m *Market) sayAll(level, format string, args ...any) {
	for _, a := range m.desk.accounts {
		m.notifyAccount(a, level, format, args...)
	}
}

// greeting is how many notifications of its past each account hears again.
const greeting = 24

// repeatEvents says again what happened last, with the times it happened at, soon after
// the start, when a dashboard has had the time to subscribe: a channel keeps
// nothing, and a feed would be empty for minutes.
func (m *Market) repeatEvents() {
	switch m.clock.Sub(m.start) {
	case 1 * time.Second:
		for _, a := range m.desk.accounts {
			m.notes = append(m.notes, m.lastNotes(a, greeting)...)
		}
		m.sayAll("INFO", "session: %s", m.session)
	case 2 * time.Second:
		for _, a := range m.desk.accounts {
			m.notifyAccount(a, "INFO", "%d positions, %s %s open", len(a.positions), formatSigned(a.sums.pnl), a.currency)
		}
	}
}

// lastNotes returns an account's last n notifications, oldest first.
func (m *Market) lastNotes(a *account, n int) []note {
	var last []note
	for _, x := range slices.Backward(m.past) {
		if x.account == a && len(last) < n {
			last = append(last, x)
		}
	}
	slices.Reverse(last)
	return last
}
