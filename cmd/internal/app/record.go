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
