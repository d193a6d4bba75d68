package sshd

import (
	"sync"
	"time"
)

// rateMeter turns a growing counter into a rate over the last few seconds.
type rateMeter struct {
	count func() uint64

	mu   sync.Mutex
	at   time.Time
	last uint64
	rate float64
}

func newRateMeter(count func() uint64) *rateMeter { return &rateMeter{count: count, at: time.Now()} }

// read returns the rate a second. It is safe for concurrent use.
func (m *rateMeter) read() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	d := now.Sub(m.at)
	if d < time.Second {
		return m.rate
	}
	n := m.count()
	m.rate = float64(n-m.last) / d.Seconds()
	m.last, m.at = n, now
	return m.rate
}
