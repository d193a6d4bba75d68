package app

import (
	"runtime"
	"time"

	"ticktop/cmd/internal/sshd"
	"ticktop/datasource"
	"ticktop/datasource/engine"
)

// gauges are the engine's figures for /metrics.
func (a *App) gauges() []sshd.Gauge {
	count := func(name, help string, read func(engine.Stats) uint64) sshd.Gauge {
		return sshd.Gauge{Name: name, Help: help, Counter: true, Read: func() float64 { return float64(read(a.engineStats())) }}
	}
	return []sshd.Gauge{
		count("messages_total", "Messages received on channels.", func(s engine.Stats) uint64 { return s.Messages }),
		count("messages_conflated_total", "Messages that a newer one replaced before it was decoded.", func(s engine.Stats) uint64 { return s.Conflated }),
		count("messages_dropped_total", "Messages lost to a bound; their keys were read again.", func(s engine.Stats) uint64 { return s.Dropped }),
		count("reads_total", "Pipelines sent to Redis.", func(s engine.Stats) uint64 { return s.Reads }),
		count("read_errors_total", "Reads of Redis that failed.", func(s engine.Stats) uint64 { return s.ReadErrors }),
		count("api_requests_total", "Requests to the API.", func(s engine.Stats) uint64 { return s.Asked }),
		count("api_errors_total", "Requests to the API that failed.", func(s engine.Stats) uint64 { return s.AskErrors }),
		count("fallbacks_total", "Values that the API served.", func(s engine.Stats) uint64 { return s.Served }),
		count("reconnects_total", "Times the subscription was lost.", func(s engine.Stats) uint64 { return s.Reconnects }),
		{Name: "alerts_evaluated_total", Help: "Evaluations of the configured alerts.", Counter: true, Read: func() float64 { return float64(a.evaluated.Load()) }},
		{Name: "config_age_seconds", Help: "Time since the configuration in force was read.", Read: func() float64 { loaded, _ := a.configState(); return time.Since(loaded).Seconds() }},
		{Name: "config_outdated", Help: "1 when the configuration's file has changed and cannot be used.", Read: func() float64 { _, err := a.configState(); return oneIf(err != nil) }},
		{Name: "data", Help: "Data watched, by state.", Label: "state", ReadBy: a.dataByState},
		{Name: "source_up", Help: "1 when a source answers, 0 when it does not. One that nobody needs just now is left out.", Label: "source", ReadBy: a.sourcesUp},
		{Name: "source_degraded", Help: "1 when a source answers, but not everything.", Label: "source", ReadBy: a.sourcesDegraded},
	}
}

// buildInfo is always 1 and says in its labels what runs.
func buildInfo(version, commit string) sshd.Gauge {
	return sshd.Gauge{
		Name: "build_info", Help: "What runs.", Read: func() float64 { return 1 },
		Const: map[string]string{"version": version, "commit": commit, "goversion": runtime.Version()},
	}
}

func (a *App) engineStats() engine.Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.backend == nil {
		return engine.Stats{}
	}
	return a.backend.engine.Stats()
}

func (a *App) dataByState() map[string]float64 {
	s := a.engineStats()
	out := make(map[string]float64, len(s.States))
	for state, n := range s.States {
		out[datasource.State(state).String()] = float64(n)
	}
	return out
}

// sourcesUp is 1 or 0 for every source that is asked. Redis always is, by the
// probe: what sessions saw of a source is old once the last one has left.
func (a *App) sourcesUp() map[string]float64 {
	out := map[string]float64{datasource.SourceRedis.String(): oneIf(a.probe.readyError() == nil)}
	for id, st := range a.watchedSources() {
		switch {
		case id == datasource.SourceRedis:
		case st.Light == datasource.LightUp || st.Light == datasource.LightDegraded:
			out[id.String()] = 1
		case st.Light == datasource.LightConnecting || st.Light == datasource.LightDown:
			out[id.String()] = 0
		}
	}
	return out
}

func (a *App) sourcesDegraded() map[string]float64 {
	out := map[string]float64{}
	for id, st := range a.watchedSources() {
		if st.Light != datasource.LightOff {
			out[id.String()] = oneIf(st.Light == datasource.LightDegraded)
		}
	}
	return out
}

// watchedSources returns the sources as sessions see them, none without sessions.
func (a *App) watchedSources() map[datasource.SourceID]datasource.Status {
	s := a.engineStats()
	if s.Watches == 0 {
		return nil
	}
	out := make(map[datasource.SourceID]datasource.Status, len(s.Sources))
	for id, st := range s.Sources {
		out[datasource.SourceID(id)] = st
	}
	return out
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// readyError says why sessions would see nothing fresh.
func (a *App) readyError() error { return a.probe.readyError() }
