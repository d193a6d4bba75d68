package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"

	"ticktop/datasource"
	"ticktop/datasource/mask"
)

// Options says how a recording is made. The zero value records everything, up
// to DefaultMaxBytes.
type Options struct {
	Config   string              // label of the configuration: "built-in", or its path
	Vars     map[string][]string // variables of the dashboard
	Private  bool                // hide all but market data, until SetPrivate says otherwise
	MaxBytes int64               // size of the file, compressed, at which recording ends; 0 is DefaultMaxBytes
	MaxTime  time.Duration       // length at which it ends; 0 is unlimited
	Keyframe time.Duration       // between two keyframes; 0 is 30 s
}

// DefaultMaxBytes is where a recording ends that was not stopped before.
const DefaultMaxBytes = 256 << 20

const (
	defaultKeyframe = 30 * time.Second
	flushEvery      = time.Second
	splitBlock      = maxBlock / 4 // bytes in a block after which the next one begins
	statusEvery     = time.Second  // figures alone (round trip, rate) are recorded no more often
)

// ErrFull ends a recording that has reached its size or length.
var ErrFull = errors.New("recording is full")

// Recorder writes what a feed publishes.
type Recorder struct {
	out  counter
	feed datasource.Feed
	o    Options
	z    *zstd.Encoder

	private atomic.Bool // what SetPrivate said last
	masked  bool        // what this block is written with
	view    mask.View   // of the snapshots that are written hidden

	head       []byte               // header line, repeated in each block
	created    time.Time            // recorded time zero
	last       *datasource.Snapshot // what was recorded last
	seen       time.Time            // when that was, by this machine's clock
	entries    []*datasource.Entry  // the last recorded ones of this block, masked
	sources    [datasource.NumSources]datasource.Status
	srcAt      time.Time
	keyAt      time.Time
	blockBytes int // bytes of this block before compression
	lines      int // of this block
	dirty      bool
}

// counter counts the bytes that reached the writer.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// NewRecorder records feed to w, which it does not close. Nothing is written
// before Run.
func NewRecorder(w io.Writer, feed datasource.Feed, o Options) *Recorder {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Keyframe <= 0 {
		o.Keyframe = defaultKeyframe
	}
	r := &Recorder{out: counter{w: w}, feed: feed, o: o, masked: o.Private}
	r.private.Store(o.Private)
	return r
}

// SetPrivate begins or ends the hiding of private data: from the next snapshot on,
// with all that is known by then. It may be called from any goroutine and never
// waits.
func (r *Recorder) SetPrivate(on bool) { r.private.Store(on) }

// Run records until ctx ends, and then returns nil with the recording complete.
// It returns ErrFull (wrapped) at a limit of the options, with the recording
// complete too, and any other error when writing failed.
//
// It takes the feed's signals, so the feed must be the recorder's own.
func (r *Recorder) Run(ctx context.Context) (err error) {
	if err := r.open(); err != nil {
		return err
	}
	defer func() {
		end := "closed"
		if err != nil {
			end = ""
		}
		if errors.Is(err, ErrFull) {
			end = err.Error()
		}
		if e := r.close(end, time.Since(r.seen)); err == nil {
			err = e
		}
	}()
	flush := time.NewTicker(flushEvery)
	defer flush.Stop()
	if err := r.record(r.feed.Snapshot()); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.feed.Changed():
			if err := r.record(r.feed.Snapshot()); err != nil {
				return err
			}
		case <-flush.C:
			if err := r.flush(); err != nil {
				return err
			}
		}
	}
}

func (r *Recorder) open() (err error) {
	// One goroutine and a window of 1 MiB: what repeats lies close together.
	r.z, err = zstd.NewWriter(&r.out, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20),
		zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// close ends the last block. Its last line says why nothing follows, idle after
// the last snapshot; a recording that could not be written has no last line.
func (r *Recorder) close(end string, idle time.Duration) (err error) {
	if end != "" && r.last != nil {
		err = r.writeLine(&line{T: r.elapsed(r.last) + int64(idle), End: end})
	}
	if e := r.z.Close(); e != nil {
		err = errors.Join(err, fmt.Errorf("record: %w", e))
	}
	return err
}

// flush makes what was recorded so far readable.
func (r *Recorder) flush() error {
	if !r.dirty {
		return nil
	}
	r.dirty = false
	if err := r.z.Flush(); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if r.out.n > r.o.MaxBytes {
		return fmt.Errorf("%w: %d bytes", ErrFull, r.out.n)
	}
	return nil
}

// record writes what is new in s.
func (r *Recorder) record(s *datasource.Snapshot) error {
	if r.last == nil {
		if err := r.writeHeader(s); err != nil {
			return err
		}
	}
	if s.At.Before(r.last.At) {
		return nil // a snapshot from the past has nothing new
	}
	if r.o.MaxTime > 0 && s.At.Sub(r.created) > r.o.MaxTime {
		return fmt.Errorf("%w: %s", ErrFull, r.o.MaxTime)
	}
	hidden := r.private.Load()
	if hidden {
		s = r.view.Of(s)
	}
	key := r.keyAt.IsZero() || hidden != r.masked || s.At.Sub(r.keyAt) >= r.o.Keyframe || r.blockBytes > splitBlock || r.lines > maxLines/2
	r.masked = hidden
	if key {
		if err := r.writeKeyframe(s); err != nil {
			return err
		}
	}
	r.seen = time.Now()
	defer func() { r.last = s }()
	if err := r.recordEntries(s); err != nil {
		return err
	}
	if err := r.recordSources(s, key); err != nil {
		return err
	}
	return r.recordEvents(s, key)
}

func (r *Recorder) writeHeader(s *datasource.Snapshot) error {
	r.created, r.last = s.At, s
	head, err := json.Marshal(Header{Magic: magic, Version: Version, Created: s.At.Round(0), Config: r.o.Config,
		Vars: r.o.Vars, Private: r.o.Private, Names: s.Names()})
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	if s.Len() > maxNames || len(head) > maxLine {
		return fmt.Errorf("record: %d data are too many; record fewer symbols", s.Len())
	}
	r.head = append(head, '\n')
	return nil
}

// writeKeyframe begins a block: after it nothing refers to what was before.
func (r *Recorder) writeKeyframe(s *datasource.Snapshot) error {
	if !r.keyAt.IsZero() {
		if err := r.z.Close(); err != nil {
			return fmt.Errorf("record: %w", err)
		}
		if r.out.n > r.o.MaxBytes {
			return fmt.Errorf("%w: %d bytes", ErrFull, r.out.n)
		}
		r.z.Reset(&r.out)
	}
	r.keyAt, r.blockBytes, r.lines = s.At, 0, 0
	r.entries = make([]*datasource.Entry, s.Len())
	if err := r.write(r.head); err != nil {
		return err
	}
	return r.writeLine(&line{T: r.elapsed(s), Key: true})
}

func (r *Recorder) elapsed(s *datasource.Snapshot) int64 { return int64(s.At.Sub(r.created)) }

func (r *Recorder) writeLine(l *line) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return r.write(append(b, '\n'))
}

func (r *Recorder) write(b []byte) error {
	r.dirty = true
	r.blockBytes += len(b)
	r.lines++
	if _, err := r.z.Write(b); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}
