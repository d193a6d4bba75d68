package record

import (
	"os"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/datasource"
)

// Speeds that SetSpeed clamps to.
const (
	MinSpeed = 0.01
	MaxSpeed = 1000
)

// snapshotEvery is the shortest time between two snapshots of a player.
const snapshotEvery = 50 * time.Millisecond

// Player plays a recording as a Feed.
//
// Its snapshots are in recorded time: Snapshot.At and Snapshot.Replay.At are
// the moment of the recording, and every time in an entry belongs to the same
// clock. A screen takes Replay.At for "now"; ages and countdowns then show what
// they showed while recording. A new snapshot comes with each recorded change
// and at least once a recorded second, so that they count.
//
// Alerts are not part of it: wrap the Player in alert.Watch.
//
// It owns one goroutine, which reads the file; Close ends it and waits.
type Player struct {
	info    Info
	snap    atomic.Pointer[datasource.Snapshot]
	past    atomic.Pointer[[][]datasource.Past]
	index   map[string]int
	changed chan struct{}
	wake    chan struct{}
	quit    chan struct{}
	closed  sync.Once
	done    sync.WaitGroup

	mu  sync.Mutex
	ops []func(*clock, *tape)
}

// Info is what is known of a recording as a whole.
type Info struct {
	Header
	From, To time.Time // recorded time: first and last
	Damaged  bool      // it ends early (the recorder was killed), or parts cannot be read
}

// Open opens a recording and starts playing it, from its beginning. Damage
// behind a readable beginning is no error: see Info.
func Open(path string) (*Player, error) {
	f, fd, err := openPath(path)
	if err != nil {
		return nil, err
	}
	return newPlayer(f, fd), nil
}

func newPlayer(f *file, fd *os.File) *Player {
	r := newTape(f)
	c := &clock{end: f.end, speed: 1}
	p := &Player{index: r.index, changed: make(chan struct{}, 1), wake: make(chan struct{}, 1), quit: make(chan struct{})}
	r.seek(0)
	c.resumeAt(0)
	p.publish(c, r)
	p.info = Info{Header: f.Header, From: f.Header.Created, To: f.Header.Created.Add(time.Duration(f.end)), Damaged: f.damaged}
	p.done.Go(func() {
		defer func() { _ = fd.Close() }()
		p.run(c, r)
	})
	return p
}

// Info returns what is known of the recording. Damage found while playing is
// not in it.
func (p *Player) Info() Info { return p.info }

// Snapshot implements datasource.Feed.
func (p *Player) Snapshot() *datasource.Snapshot { return p.snap.Load() }

// Changed implements datasource.Feed.
func (p *Player) Changed() <-chan struct{} { return p.changed }

// Refresh does nothing: what is recorded is all there is.
func (p *Player) Refresh(...string) {}

// History implements datasource.Feed. After a jump it begins with the block
// that was jumped into.
func (p *Player) History(name string) []datasource.Past {
	past := *p.past.Load()
	if i, ok := p.index[name]; ok {
		return past[i]
	}
	return nil
}

// Close stops playing and closes the file.
func (p *Player) Close() {
	p.closed.Do(func() { close(p.quit) })
	p.done.Wait()
}

// SetSpeed implements datasource.Player; x is clamped to MinSpeed … MaxSpeed.
func (p *Player) SetSpeed(x float64) {
	if x != x {
		return
	}
	p.enqueue(func(c *clock, _ *tape) {
		c.resumeAt(c.now())
		c.speed = min(max(x, MinSpeed), MaxSpeed)
	})
}

// SetPaused implements datasource.Player.
func (p *Player) SetPaused(paused bool) {
	p.enqueue(func(c *clock, _ *tape) {
		c.resumeAt(c.now())
		c.paused = paused
	})
}

// Step implements datasource.Player. A step is one published snapshot of the
// recording in which a datum changed or something happened; figures of the
// sources alone are not a step.
func (p *Player) Step(n int) {
	p.enqueue(func(c *clock, r *tape) {
		r.seek(c.now())
		c.paused = true
		for ; n > 0; n-- {
			t, ok := r.nextStepTime()
			if !ok {
				break
			}
			r.seek(t)
		}
		for ; n < 0; n++ {
			t, ok := r.previousStepTime()
			if !ok {
				break
			}
			r.seek(t)
		}
		c.resumeAt(r.t)
	})
}

// Seek implements datasource.Player.
func (p *Player) Seek(d time.Duration) {
	p.enqueue(func(c *clock, _ *tape) { c.resumeAt(c.now() + int64(d)) })
}

// SeekTo implements datasource.Player. A time outside the recording is its
// nearest end.
func (p *Player) SeekTo(at time.Time) {
	p.enqueue(func(c *clock, _ *tape) { c.resumeAt(int64(at.Sub(p.info.From))) })
}

// enqueue has the player's goroutine do op.
func (p *Player) enqueue(op func(*clock, *tape)) {
	p.mu.Lock()
	p.ops = append(p.ops, op)
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *Player) run(c *clock, r *tape) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-timer.C:
		case <-p.wake:
			p.mu.Lock()
			ops := p.ops
			p.ops = nil
			p.mu.Unlock()
			for _, op := range ops {
				op(c, r)
			}
		}
		r.seek(c.now())
		p.publish(c, r)
		timer.Stop()
		if d, ok := c.untilNext(r); ok {
			timer.Reset(d)
		}
	}
}

func (p *Player) publish(c *clock, r *tape) {
	s := r.snapshot()
	zero := r.f.Header.Created
	s.Replay = &datasource.Replay{At: s.At, From: zero, To: zero.Add(time.Duration(c.end)),
		Speed: c.speed, Paused: c.paused, Done: r.t >= c.end}
	past := append([][]datasource.Past(nil), r.past...)
	p.past.Store(&past)
	p.snap.Store(s)
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// clock turns real time into recorded time.
type clock struct {
	base   int64     // recorded time at mark
	mark   time.Time //
	speed  float64
	paused bool
	end    int64
}

// resumeAt makes t the present recorded time.
func (c *clock) resumeAt(t int64) { c.base, c.mark = min(max(t, 0), c.end), time.Now() }

func (c *clock) now() int64 {
	if c.paused {
		return c.base
	}
	return min(c.end, c.base+int64(float64(time.Since(c.mark))*c.speed))
}

// untilNext is how long nothing happens: until the next line, or the next recorded
// second. ok is false when nothing will.
func (c *clock) untilNext(r *tape) (d time.Duration, ok bool) {
	if c.paused || r.t >= c.end {
		return 0, false
	}
	next := (r.t/int64(time.Second) + 1) * int64(time.Second)
	if t, ok := r.nextLineTime(); ok {
		next = min(next, t)
	}
	return max(snapshotEvery, time.Duration(float64(next-r.t)/c.speed)), true
}
