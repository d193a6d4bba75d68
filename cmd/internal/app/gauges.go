package app

import (
	"errors"

	"ticktop/cmd/internal/sshd"
	"ticktop/datasource"
	"ticktop/datasource/engine"
)

// gauges are the engine's figures for /metrics.
func (a *App) gauges() []sshd.Gauge {
	count := func(name, help string, read func(engine.Stats) uint64) sshd.Gauge {
		return sshd.Gauge{Name: name, Help: help, Counter: true, Read: func() float64 { return float64(read(a.stats())) }}
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
		{Name: "data", Help: "Data watched, by state.", Label: "state", ReadBy: a.dataByState},
		{Name: "source_up", Help: "1 when a source is up, 0.5 when degraded or not asked yet, 0 when down.", Label: "source", ReadBy: a.sourcesUp},
	}
}

func (a *App) stats() engine.Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.backend == nil {
		return engine.Stats{}
	}
	return a.backend.engine.Stats()
}

func (a *App) dataByState() map[string]float64 {
	s := a.stats()
	out := make(map[string]float64, len(s.States))
	for state, n := range s.States {
		out[datasource.State(state).String()] = float64(n)
	}
	return out
}

func (a *App) sourcesUp() map[string]float64 {
	s := a.stats()
	out := make(map[string]float64, len(s.Sources))
	for id, st := range s.Sources {
		v := 0.5
		switch st.Light {
		case datasource.LightUp:
			v = 1
		case datasource.LightDown:
			v = 0
		}
		out[datasource.SourceID(id).String()] = v
	}
	return out
}

// ready says why sessions would see nothing fresh: no source answers.
func (a *App) ready() error {
	s := a.stats()
	for _, id := range []datasource.SourceID{datasource.SourceRedis, datasource.SourceAPI} {
		if l := s.Sources[id].Light; l == datasource.LightUp || l == datasource.LightDegraded {
			return nil
		}
	}
	if s.Sources[datasource.SourceRedis].Light == datasource.LightIdle {
		return nil // nobody has asked for anything yet
	}
	return errors.New("no source answers")
}
