package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"ticktop/datasource"
	"ticktop/datasource/record"
	"ticktop/widgets/field"
)

// Record records what the local desk shows to a new file, until the function
// it returns is called; that one says whether the recording is whole.
func (a *App) Record(path string, private bool) (stop func() error, err error) {
	f, err := createRecording(path)
	if err != nil {
		return nil, err
	}
	board, feed, err := a.Desk(Principal{}).Open(nil)
	if err != nil {
		return nil, errors.Join(&UsageError{err}, f.Close(), os.Remove(path))
	}
	r := record.NewRecorder(f, feed, record.Options{
		Config: board.Name.String(), Vars: board.Vars, Private: private || board.Private, Money: Money,
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		defer feed.Close()
		done <- r.Run(ctx)
	}()
	return func() error {
		cancel()
		if err := errors.Join(<-done, f.Close()); err != nil {
			return fmt.Errorf("record %s: %w", path, err)
		}
		return nil
	}, nil
}

// RecordOnce writes one snapshot to a new file, as a recording of that moment.
func (a *App) RecordOnce(path string, private bool, snap *datasource.Snapshot) error {
	f, err := createRecording(path)
	if err != nil {
		return err
	}
	c := a.Config()
	o := record.Options{Config: c.Name, Vars: c.Vars, Private: private || c.Look.Private, Money: Money}
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

// Money reports whether a field, or a datum itself where field is "", holds a
// balance: what private mode hides.
func Money(name, fieldName string) bool {
	if fieldName == "" {
		fieldName = datasource.Group(name)
	}
	class, _ := field.Guess(fieldName)
	return class.Private()
}
