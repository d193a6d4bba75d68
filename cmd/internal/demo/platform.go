package demo

import "math"

// flag is a feature flag of the platform.
type flag struct {
	name  string
	on    bool
	dirty bool
	key   any
}

func newFlags() []flag {
	flags := []flag{
		{name: "kill_switch"}, {name: "trading_enabled", on: true}, {name: "hedging", on: true},
		{name: "news_filter"}, {name: "weekend_mode"}, {name: "beta_router", on: true},
	}
	for i := range flags {
		flags[i].key = "flag:" + flags[i].name
		flags[i].dirty = true
	}
	return flags
}

// FlagNames returns the flags that the simulator writes.
func FlagNames() []string {
	var names []string
	for _, f := range newFlags() {
		names = append(names, f.name)
	}
	return names
}

func (m *Market) setFlag(name string, on bool) {
	for i := range m.flags {
		if f := &m.flags[i]; f.name == name && f.on != on {
			f.on, f.dirty = on, true
		}
	}
}

// stats are the platform's own figures that no account has.
type stats struct {
	latency  [2]float64 // ms: median, 99th percentile; 0 at first
	sessions int
	queue    int
}

// observeTape takes new figures: they follow how lively the market is.
func (s *stats) observeTape(t *tape) {
	heat := math.Exp(t.heat)
	if s.latency[0] == 0 {
		s.latency = [2]float64{9, 41}
	}
	s.latency[0] += 0.2 * (7 + 2*heat + t.rng.NormFloat64() - s.latency[0])
	s.latency[1] += 0.1 * (32 + 9*heat + 6*t.rng.ExpFloat64() - s.latency[1])
	s.sessions = 140 + int(60*t.activityOf(classFX)+3*t.rng.NormFloat64())
	s.queue = int(t.rng.ExpFloat64() * 2 * heat)
}

// counter is one quick counter and how it is had.
type counter struct {
	name string
	get  func(m *Market) int64
}

func statCounters() []counter {
	return []counter{
		{"open_orders", func(m *Market) int64 {
			n := 0
			for _, a := range m.desk.accounts {
				n += len(a.orders)
			}
			return int64(n)
		}},
		{"fills_today", func(m *Market) int64 { return m.desk.fills }},
		{"rejects", func(m *Market) int64 { return m.desk.rejects }},
		{"latency_ms", func(m *Market) int64 { return int64(math.Round(m.stats.latency[0])) }},
		{"latency_p99_ms", func(m *Market) int64 { return int64(math.Round(m.stats.latency[1])) }},
		{"ticks_total", func(m *Market) int64 { return m.ticks }},
		{"sessions", func(m *Market) int64 { return int64(m.stats.sessions) }},
		{"queue_depth", func(m *Market) int64 { return int64(m.stats.queue) }},
	}
}

// CounterNames returns the counters that the simulator writes.
func CounterNames() []string {
	var names []string
	for _, c := range statCounters() {
		names = append(names, c.name)
	}
	return names
}
