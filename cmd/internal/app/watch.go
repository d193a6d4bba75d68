package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must be left alone before it is read: editors
// write in several steps.
const settle = 150 * time.Millisecond

// goneAfter is how long a file must be away before that is said: a save by
// removing and writing anew, or a check-out, has a gap.
const goneAfter = 2 * time.Second

// watchFile calls changed whenever the file's content may be another, and when
// it is there again; gone once it has been away for goneAfter. It watches the directory, because many editors save by renaming a new file into
// place, and follows a symbolic link as Kubernetes changes them.
func watchFile(ctx context.Context, path string, log *slog.Logger, changed, gone func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	defer w.Close()
	if err := w.Add(filepath.Dir(path)); err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	last := stampOf(path)
	var away time.Time // since when the file is missing, and gone was not called
	timer := time.NewTimer(0)
	if !timer.Stop() {
		<-timer.C
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.Events: // any event: a link's target has another name
			if !ok {
				return nil
			}
			timer.Reset(settle)
		case err, ok := <-w.Errors:
			if !ok {
				return nil
			}
			log.Warn("watching the configuration", "err", err)
		case <-timer.C:
			switch now := stampOf(path); {
			case now == last:
				away = time.Time{}
			case now != (stamp{}):
				last, away = now, time.Time{}
				changed()
			case away.IsZero():
				away = time.Now()
				timer.Reset(goneAfter)
			case time.Since(away) >= goneAfter:
				last, away = now, time.Time{}
				gone()
			default: // other files of the directory keep changing
				timer.Reset(goneAfter - time.Since(away))
			}
		}
	}
}

// stamp tells two contents of a file apart well enough.
type stamp struct {
	size int64
	mod  time.Time
	link string
}

// stampOf returns the zero stamp for a file that is not there: between two
// steps of a save there may be none.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	link, _ := filepath.EvalSymlinks(path)
	return stamp{size: info.Size(), mod: info.ModTime(), link: link}
}
