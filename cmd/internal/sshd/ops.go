package sshd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Gauge is one figure of another package for /metrics: its name below ticktop_,
// what it is, and how to read it.
type Gauge struct {
	Name, Help string
	Counter    bool                      // it only grows
	Const      map[string]string         // labels that never change
	Label      string                    // the label's name; "" for a single figure
	Read       func() float64            // without a label
	ReadBy     func() map[string]float64 // by the label's value
}

// Ops is the server's own HTTP side: /metrics, /healthz and /readyz. It shows
// figures only, never a value, a key or a name.
type Ops struct {
	srv *http.Server
}

// NewOps builds the handlers. ready says why the process cannot serve now, nil
// when it can.
func NewOps(s *Server, gauges []Gauge, ready func() error) *Ops {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reg.MustRegister(&collector{gauges: append(s.gauges(), gauges...)})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 5 * time.Second}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		switch err := s.rightsOld(time.Now()); {
		case s.draining.Load():
			answer(w, errors.New("shutting down"))
		case err != nil:
			answer(w, err)
		default:
			answer(w, ready())
		}
	})
	return &Ops{srv: &http.Server{
		Handler: mux, ReadHeaderTimeout: 2 * time.Second, ReadTimeout: 5 * time.Second,
		WriteTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second, MaxHeaderBytes: 8 << 10,
	}}
}

func answer(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	body := map[string]string{"status": "ok"}
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		body = map[string]string{"status": "unavailable", "reason": safeLog(err.Error())}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// Serve answers until Shutdown.
func (o *Ops) Serve(l net.Listener) error {
	if err := o.srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown stops answering.
func (o *Ops) Shutdown(ctx context.Context) error { return o.srv.Shutdown(ctx) }

// rightsGrace is how long the keys may be unreadable until the process says that
// it is not ready: an editor's save has a gap.
const rightsGrace = 10 * time.Second

// rightsOld returns why the rights of sessions may be old, nil when they are not:
// whoever was taken away may still come in. Where is in the log.
func (s *Server) rightsOld(now time.Time) error {
	if s.o.Keys == nil {
		return nil
	}
	age, err := s.o.Keys.Age(now)
	if err == nil || age < rightsGrace {
		return nil
	}
	return fmt.Errorf("rights old: keys or users could not be read for %s", age.Round(time.Second))
}

// keysAge is the time since all keys were last read, for a metric.
func (s *Server) keysAge() float64 {
	if s.o.Keys == nil {
		return 0
	}
	age, _ := s.o.Keys.Age(time.Now())
	return age.Seconds()
}

// gauges are the server's own figures.
func (s *Server) gauges() []Gauge {
	hub := s.o.Hub.Stats
	return []Gauge{
		{Name: "keys_age_seconds", Help: "Time since all keys and users were last read without an error: above 10, rights are old.", Read: s.keysAge},
		{Name: "sessions", Help: "Dashboards open now.", Read: func() float64 { return float64(s.sessions.Load()) }},
		{Name: "sessions_total", Help: "Dashboards opened.", Counter: true, Read: func() float64 { return float64(s.total.Load()) }},
		{Name: "sessions_ended_total", Help: "Dashboards closed, by reason.", Counter: true, Label: "reason", ReadBy: s.endedBy},
		{Name: "connections_refused_total", Help: "Connections refused by a limit.", Counter: true, Read: func() float64 { return float64(s.refused.Load()) }},
		{Name: "panics_total", Help: "Sessions ended by an internal error.", Counter: true, Read: func() float64 { return float64(s.panics.Load()) }},
		{Name: "picture_groups", Help: "Different pictures on the screens now.", Read: func() float64 { return float64(hub().Groups) }},
		{Name: "pictures_total", Help: "Pictures drawn, once a group.", Counter: true, Read: func() float64 { return float64(hub().Frames) }},
		{Name: "frames_total", Help: "Frames written to terminals.", Counter: true, Read: func() float64 { return float64(hub().Shared) }},
		{Name: "frame_bytes_total", Help: "Bytes written to terminals.", Counter: true, Read: func() float64 { return float64(hub().Bytes) }},
		{Name: "terminals_cut_total", Help: "Terminals cut because they stopped reading.", Counter: true, Read: func() float64 { return float64(hub().Cut) }},
	}
}

func (s *Server) endedBy() map[string]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]float64, len(s.ended))
	for reason, n := range s.ended {
		out[reason] = float64(n)
	}
	return out
}

// collector turns Gauges into Prometheus metrics at the moment of the scrape.
type collector struct{ gauges []Gauge }

// Describe implements prometheus.Collector; the set is unchecked.
func (f *collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (f *collector) Collect(out chan<- prometheus.Metric) {
	for _, g := range f.gauges {
		kind := prometheus.GaugeValue
		if g.Counter {
			kind = prometheus.CounterValue
		}
		var labels []string
		if g.Label != "" {
			labels = []string{g.Label}
		}
		desc := prometheus.NewDesc("ticktop_"+g.Name, g.Help, labels, g.Const)
		if g.Label == "" {
			out <- prometheus.MustNewConstMetric(desc, kind, g.Read())
			continue
		}
		for value, n := range g.ReadBy() {
			out <- prometheus.MustNewConstMetric(desc, kind, n, value)
		}
	}
}
