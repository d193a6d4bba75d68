package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/config"
)

// TestWebhookStaysSecret: the path of a webhook is a password, and a failure
// does not tell it.
func TestWebhookStaysSecret(t *testing.T) {
	moved := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/elsewhere", http.StatusTemporaryRedirect))
	defer moved.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, address := range []string{gone.URL + "/services/HUNTER2", moved.URL + "/services/HUNTER2", "http://[::1]:99999/HUNTER2", "http://x\x7f/HUNTER2"} {
		var log bytes.Buffer
		err := callHook(t.Context(), config.Hooks{Webhook: config.URL(address), Timeout: 5 * time.Second}, alertNotice{When: "x"})
		NewLogger(&log, slog.LevelDebug).Warn("hook failed", "err", err)
		if err == nil || strings.Contains(log.String(), "HUNTER2") {
			t.Errorf("%q: %s", address, log.String())
		}
	}
}

// TestHooksAreGivenNoSecrets: a hook has the alert on its input, and neither the
// platform's secrets in its environment nor a shell.
func TestHooksAreGivenNoSecrets(t *testing.T) {
	t.Setenv("REDIS_URL", "redis://:HUNTER2@127.0.0.1")
	t.Setenv("DJANGO_API_TOKEN", "HUNTER2")
	t.Setenv("MY_HOOK", "mine")
	out := filepath.Join(t.TempDir(), "out")
	h := config.Hooks{Exec: []string{"/bin/sh", "-c", `{ env; cat; echo "$1"; } > "$0"`, out, "$(id); `id`"}, Timeout: 5 * time.Second}
	if err := callHook(t.Context(), h, alertNotice{When: "x", Text: "$(touch /tmp/pwned)\n'; id #"}); err != nil {
		t.Skip("no shell here: ", err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(b); strings.Contains(got, "HUNTER2") || !strings.Contains(got, "MY_HOOK=mine") ||
		!strings.Contains(got, `$(touch /tmp/pwned)\n`) || !strings.Contains(got, "$(id); `id`") {
		t.Errorf("the hook saw %s", got)
	}
}

// TestHooksEnd: one that hangs is ended with its time, and what it started does
// not hold us.
func TestHooksEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	h := config.Hooks{Exec: []string{"/bin/sh", "-c", "sleep 60 & sleep 60"}, Timeout: 50 * time.Millisecond}
	if err := callHook(ctx, h, alertNotice{}); err == nil || ctx.Err() != nil {
		t.Errorf("error %v", err)
	}
}

// TestBannerTellsUsersNothing: the error of a configuration quotes it, and it
// names every user.
func TestBannerTellsUsersNothing(t *testing.T) {
	o := newDashboards(parse(t, deskYAML), &source{}, quiet, nil)
	o.showWarning("config not reloaded: x.yaml:9:3: user bob: account ACC-9 …")
	banner := func(p Principal) string {
		t.Helper()
		board, feed, err := (&Desk{dashboards: o, principal: p}).Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		feed.Close()
		return board.Banner.String()
	}
	if got := banner(Principal{}); !strings.Contains(got, "bob") {
		t.Errorf("the operator reads %q", got)
	}
	if got := banner(Principal{Name: "ana", Bound: true}); got == "" || strings.Contains(got, "bob") || strings.Contains(got, "ACC-9") {
		t.Errorf("ana reads %q", got)
	}
}
