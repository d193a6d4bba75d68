package app

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
)

// maxLog is the size beyond which a log is put aside as NAME.1 at the start.
const maxLog = 10 << 20

// OpenLog returns a logger that writes to path. The file is made with the
// first record, its directory too: a run without anything to say leaves
// nothing behind. Text that holds addresses with passwords is redacted. The
// log never goes to the terminal, and from here on neither does the standard
// library's.
func OpenLog(path string, level slog.Level) (*slog.Logger, io.Closer) {
	f := &logFile{path: path}
	l := NewLogger(f, level)
	log.SetFlags(0)
	log.SetOutput(libraryLog{l})
	return l, f
}

// libraryLog takes the lines of package log, which by default go to the standard
// error, over the screen. Package net/http writes there what an API sent without
// being asked.
type libraryLog struct{ log *slog.Logger }

// Write implements io.Writer: one call is one line.
func (l libraryLog) Write(p []byte) (int, error) {
	l.log.Debug("library", "line", datasource.Clean(strings.TrimSpace(string(p)), datasource.MaxCell).String())
	return len(p), nil
}

// NewLogger returns a logger whose every text is redacted.
func NewLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: redactAttr}))
}

// CheckLog reports whether path can be written, for --log-file: a name that
// was asked for must not fail silently.
func CheckLog(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func redactAttr(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case time.Time, time.Duration: // they have a format of their own in a log
	case string:
		a.Value = slog.StringValue(config.RedactURL(v))
	case error:
		a.Value = slog.StringValue(config.RedactURL(v.Error()))
	case fmt.Stringer:
		a.Value = slog.StringValue(config.RedactURL(v.String()))
	}
	return a
}

// logPanic keeps the stack of a panic in the log.
func logPanic(log *slog.Logger, where string, p any) {
	log.Error("panic", "where", where, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

// logFile is a file that is opened with the first write. A log that cannot be
// written is dropped: a dashboard does not end because a disk is full.
type logFile struct {
	path string

	mu     sync.Mutex
	file   *os.File
	broken bool
}

func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil && !l.broken {
		l.broken = l.open() != nil
	}
	if l.file != nil {
		_, _ = l.file.Write(p)
	}
	return len(p), nil
}

func (l *logFile) open() error {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(l.path); err == nil && info.Mode().IsRegular() && info.Size() > maxLog {
		_ = os.Rename(l.path, l.path+".1")
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	l.file = f
	if err != nil {
		l.file = nil
	}
	return err
}

// Reopen opens the file anew with the next record: another program has moved it
// away. One that cannot be opened is an error, and the old one stays.
func (l *logFile) Reopen() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.file
	if err := l.open(); err != nil {
		l.file = old
		return err
	}
	l.broken = false
	if old != nil {
		return old.Close()
	}
	return nil
}

// Close implements io.Closer.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file, l.broken = nil, true
	return err
}
