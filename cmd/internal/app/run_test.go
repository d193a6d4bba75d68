package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	stdlog "log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
)

func TestStackStopsLastFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stack{log: quiet}
		var order []string
		for _, name := range []string{"a", "b", "c"} {
			s.push(name, func() error {
				order = append(order, name)
				if name == "b" {
					return errors.New("broken")
				}
				return nil
			})
		}
		err := s.close()
		if got := strings.Join(order, ""); got != "cba" {
			t.Errorf("stopped %s", got)
		}
		if err == nil || err.Error() != "stop b: broken" {
			t.Errorf("error %v", err)
		}
		if s.close() != nil {
			t.Error("closed twice")
		}
	})
}

func TestStackGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stack{log: quiet}
		release := make(chan struct{})
		s.push("hung", func() error { <-release; return nil })
		begun := time.Now()
		if err := s.close(); err == nil || time.Since(begun) != stopLimit {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
		close(release)
	})
}

func TestStackRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stack{log: quiet}
		ended := false
		s.run("loop", func(ctx context.Context) error { <-ctx.Done(); ended = true; return ctx.Err() })
		s.run("bomb", func(context.Context) error { panic("boom") })
		if err := s.close(); err == nil || err.Error() != "stop bomb: bomb: internal error" || !ended {
			t.Errorf("%v, ended %v", err, ended)
		}
	})
}

func TestLogRedacts(t *testing.T) {
	var b bytes.Buffer
	log := NewLogger(&b, slog.LevelInfo)
	log.Info("dial redis://ana:hunter2@h:1/0", "url", "redis://ana:hunter2@h:1/0", "err", errors.New("dial redis://:hunter2@h"), "token", config.Secret("hunter2"), "at", config.URL("http://x:hunter2@h"))
	if strings.Contains(b.String(), "hunter2") {
		t.Error(b.String())
	}
	if at, _, _ := strings.Cut(strings.TrimPrefix(b.String(), "time="), " "); at == "" {
		t.Errorf("no time: %s", b.String())
	} else if _, err := time.Parse(time.RFC3339Nano, at); err != nil {
		t.Error(err)
	}
}

func TestLogFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b.log")
	log, c := OpenLog(path, slog.LevelInfo)
	if _, err := os.Stat(path); err == nil {
		t.Error("made before anything was said")
	}
	log.Info("hello")
	_ = c.Close()
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "hello") {
		t.Errorf("%q, %v", data, err)
	}
	nowhere, c := OpenLog("/proc/none/x.log", slog.LevelInfo)
	nowhere.Info("a log that cannot be written does not end the program")
	_ = c.Close()
}

// TestLibraryLog: what the standard library has to say goes to the log, not to
// the terminal, and through the gate.
func TestLibraryLog(t *testing.T) {
	old, flags := stdlog.Writer(), stdlog.Flags()
	t.Cleanup(func() { stdlog.SetOutput(old); stdlog.SetFlags(flags) })
	path := filepath.Join(t.TempDir(), "ticktop.log")
	_, c := OpenLog(path, slog.LevelDebug)
	stdlog.Print("Unsolicited response \x1b]52;c;AAAA\x07")
	_ = c.Close()
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "Unsolicited response ␛]52;c;AAAA␇") {
		t.Errorf("%q, %v", data, err)
	}
}

func alertOf(rule int, level datasource.Level, text string) datasource.Alert {
	return datasource.Alert{Rule: rule, Level: level, Text: datasource.Clean(text, 0)}
}

func TestHooks(t *testing.T) {
	got := make(chan alertNotice, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var n alertNotice
		body, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(body, &n); err != nil {
			t.Error(err)
		}
		got <- n
	}))
	defer srv.Close()
	out := filepath.Join(t.TempDir(), "out")
	h := config.Hooks{Webhook: config.URL(srv.URL), Exec: []string{"/bin/sh", "-c", "cat >> " + out}, Level: datasource.LevelWarning, Timeout: 10 * time.Second}
	f := newFeed()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- runHooks(ctx, h, f, quiet) }()
	f.set(alertOf(0, datasource.LevelCritical, "low"), alertOf(1, datasource.LevelInfo, "not this"))
	if n := <-got; n.State != "firing" || n.Text != "low" || n.Level != "critical" {
		t.Errorf("got %+v", n)
	}
	f.set(alertOf(0, datasource.LevelCritical, "lower")) // the same alert: said once
	f.set()
	if n := <-got; n.State != "resolved" {
		t.Errorf("got %+v", n)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(out); err != nil || strings.Count(string(data), `"state"`) != 2 {
		t.Errorf("the program got %q, %v", data, err)
	}
}

func TestWatchFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ticktop.yaml")
	write := func(content string) {
		t.Helper()
		tmp := filepath.Join(dir, ".tmp")
		if err := os.WriteFile(tmp, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(tmp, path); err != nil { // as editors save
			t.Fatal(err)
		}
	}
	write("1")
	changed := make(chan string, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		close(ready)
		done <- watchFile(ctx, path, quiet, func() {
			data, _ := os.ReadFile(path)
			changed <- string(data)
		}, func() { t.Error("renaming into place is no going away") })
	}()
	<-ready
	for i := 2; ; i++ { // until the watch stands: it may begin after a write
		write(strings.Repeat("2", i))
		select {
		case got := <-changed:
			if !strings.HasPrefix(got, "22") {
				t.Fatalf("read %q", got)
			}
			cancel()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			return
		case <-time.After(5 * settle):
			if i > 50 {
				t.Fatal("no change was seen")
			}
		}
	}
}

// TestWatchGone: a file that goes away is reported, and read again when it is
// back, though it is the same.
func TestWatchGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ticktop.yaml")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- watchFile(ctx, path, quiet, func() { said <- "changed" }, func() { said <- "gone" })
	}()
	next := func(want string) {
		t.Helper()
		select {
		case got := <-said:
			if got != want {
				t.Fatalf("said %q, want %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q was not said", want)
		}
	}
	for i := 0; len(said) == 0 && i < 50; i++ { // until the watch stands
		_ = os.WriteFile(path, make([]byte, i), 0o600)
		time.Sleep(2 * settle)
	}
	next("changed")
	for _, step := range []struct{ from, to, want string }{{path, path + "~", "gone"}, {path + "~", path, "changed"}} {
		if err := os.Rename(step.from, step.to); err != nil {
			t.Fatal(err)
		}
		next(step.want)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newDeferredSource()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := (deferredRedis{l}).Read(ctx, nil); datasource.ClassOf(err) != datasource.ClassLoading {
			t.Errorf("before it is there: %v", err)
		}
		l.SetChannels([]string{"a"})
		ears := &ears{}
		l.deliver(&reader{answer: func(datasource.Request) datasource.Raw { return datasource.Raw{} }}, ears, nil, nil)
		if len(ears.channels) != 1 {
			t.Error("the channels asked for before were forgotten")
		}
		if raws, err := (deferredRedis{l}).Read(t.Context(), []datasource.Request{{Ref: &datasource.Ref{}}, {Ref: &datasource.Ref{}}}); err != nil || len(raws) != 2 {
			t.Errorf("%d, %v", len(raws), err)
		}
	})
}

type ears struct{ channels []string }

func (e *ears) SetChannels(c []string)                              { e.channels = c }
func (e *ears) Listen(ctx context.Context, _ datasource.Sink) error { return ctx.Err() }
