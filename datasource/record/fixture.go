package record

import (
	"errors"
	"fmt"
	"os"
	"time"

	"ticktop/datasource"
)

// WriteFixture writes a recording of the given snapshots, which must have the
// same names and be in the order of their time. It is how tests make
// recordings of states that they need, and `zstdcat` shows them.
func WriteFixture(path string, o Options, snapshots ...*datasource.Snapshot) (err error) {
	fd, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fd.Close()) }()
	r := NewRecorder(fd, nil, o)
	if err := r.open(); err != nil {
		return err
	}
	for _, s := range snapshots {
		if err := r.record(s); err != nil {
			return err
		}
	}
	return r.close("closed", 0)
}

// At returns what was known after d of a recording, without playing it.
func At(path string, d time.Duration) (*datasource.Snapshot, error) {
	f, fd, err := openPath(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = fd.Close() }()
	r := newTape(f)
	r.seek(int64(d))
	return r.snapshot(), nil
}

// Each calls visit with every change of a recording and at least once a recorded
// second, in order and as fast as it can be read, until visit returns an error,
// which it returns. The error
// ErrDamaged says that all that could be read was visited.
func Each(path string, visit func(*datasource.Snapshot) error) error {
	f, fd, err := openPath(path)
	if err != nil {
		return err
	}
	defer func() { _ = fd.Close() }()
	r := newTape(f)
	for t, ok := int64(0), true; ok; t, ok = r.nextLineTime() {
		for next := r.t + int64(time.Second); next < t; next += int64(time.Second) {
			r.seek(next)
			if err := visit(r.snapshot()); err != nil {
				return err
			}
		}
		r.seek(t)
		if err := visit(r.snapshot()); err != nil {
			return err
		}
	}
	if f.damaged {
		return fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	return nil
}

// ErrDamaged says that a recording ends early or has lines that cannot be read.
var ErrDamaged = errors.New("recording is damaged or was cut off")
