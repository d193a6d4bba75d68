package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"ticktop/datasource"
	"ticktop/datasource/record"
)

// Recording is a recording that is being made.
type Recording struct {
	path     string
	file     *os.File
	recorder *record.Recorder
	private  bool // whatever a screen shows
	cancel   context.CancelFunc
	done     chan error
}

// Record records what the local desk shows to a new file, until Stop. private
// hides all but market data all the way.
func (a *App) Record(path string, private bool) (*Recording, error) {
	f, err := createRecording(path)
	if err != nil {
		return nil, err
	}
	board, feed, err := a.Desk(Principal{}).Open(nil)
	if err != nil {
		return nil, errors.Join(&UsageError{err}, f.Close(), os.Remove(path))
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recording{path: path, file: f, private: private || board.Private, cancel: cancel, done: make(chan error, 1)}
	r.recorder = record.NewRecorder(f, feed, record.Options{
		Config: board.Name.String(), Vars: board.Vars, Private: r.private,
	})
	go func() {
		defer feed.Close()
		r.done <- r.recorder.Run(ctx)
	}()
	return r, nil
}

// Hide hides all but market data while a screen hides them. It may be called from any
// goroutine.
func (r *Recording) Hide(on bool) { r.recorder.SetPrivate(on || r.private) }

// Stop ends the recording and says whether it is whole. It is called once.
func (r *Recording) Stop() error {
	r.cancel()
	if err := errors.Join(<-r.done, r.file.Close()); err != nil {
		return fmt.Errorf("record %s: %w", r.path, err)
	}
	return nil
}

// RecordOnce writes one snapshot to a new file, as a recording of that moment.
func (a *App) RecordOnce(path string, private bool, snap *datasource.Snapshot) error {
	f, err := createRecording(path)
	if err != nil {
		return err
	}
	c := a.Config()
	o := record.Options{Config: c.Name, Vars: c.Vars, Private: private || c.Look.Private}
	if err := errors.Join(f.Close(), record.WriteFixture(path, o, snap)); err != nil {
		return fmt.Errorf("record %s: %w", path, err)
	}
	return nil
}

// createRecording makes a file that is not there yet: a day's tape is not
// overwritten by a slip.
func createRecording(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, &UsageError{fmt.Errorf("record: %s is there already; name another file, or remove it", path)}
	case err != nil:
		return nil, &UsageError{fmt.Errorf("record: %w", err)}
	}
	return f, nil
}
