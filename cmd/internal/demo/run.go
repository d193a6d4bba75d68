package demo

import (
	"context"
	"errors"
	"time"
)

// Run fills the Redis behind w and keeps it going until ctx ends; its error is
// that of the filling, or nil. A later write that fails is reported to
// MarketOptions.Failed; the market goes on, and fills anew once writing works.
func (m *Market) Run(ctx context.Context, w Writer) error {
	if err := m.Fill(ctx, w); err != nil {
		return err
	}
	m.keepGoing(ctx, w)
	return nil
}

// keepGoing is Run for a Redis that Fill has filled.
func (m *Market) keepGoing(ctx context.Context, w Writer) {
	ticker := time.NewTicker(stepEvery)
	defer ticker.Stop()
	last := time.Now()
	o := outlet{w: w}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		if behind := now.Sub(last); behind > catchUp {
			m.skipTime(behind - stepEvery)
			last = now.Add(-stepEvery)
		}
		for ; now.Sub(last) >= stepEvery && ctx.Err() == nil; last = last.Add(stepEvery) {
			if err := o.step(ctx, m); err != nil && ctx.Err() == nil && m.failed != nil {
				m.failed(err)
			}
		}
	}
}

// retryEvery is how often a Redis that failed is tried again.
const retryEvery = time.Second

// outlet is where a market writes to, and whether that works.
type outlet struct {
	w     Writer
	again time.Time // when to try again; zero while it works
}

// step has the market make a step, whether or not it can be written, and
// returns what went wrong.
func (o *outlet) step(ctx context.Context, m *Market) error {
	now := time.Now()
	if !o.again.IsZero() {
		if now.Before(o.again) {
			return m.Step(ctx, discard{})
		}
		if err := m.Fill(ctx, o.w); err != nil { // what was missed is lost: everything anew
			o.again = now.Add(retryEvery)
			return errors.Join(err, m.Step(ctx, discard{}))
		}
		o.again = time.Time{}
	}
	err := m.Step(ctx, o.w)
	if err != nil {
		o.again = now.Add(retryEvery)
	}
	return err
}

// discard is a Writer to nowhere.
type discard struct{}

func (discard) Pipeline(context.Context, [][]any) error { return nil }

// skipTime lets time go by in which nothing was traded: the machine slept.
func (m *Market) skipTime(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d = d.Truncate(stepEvery)
	m.clock = m.clock.Add(d)
	for ; d > 0; d -= time.Minute { // prices are made for short steps
		m.tape.advanceFactors(min(d, time.Minute).Seconds())
		for _, q := range m.quotes {
			q.movePrice(&m.tape)
		}
	}
}
