package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
)

// alertNotice is what a hook is given: the alert as JSON. No value of the
// platform is in the program's arguments, where others could read it.
type alertNotice struct {
	At    time.Time `json:"at"`
	State string    `json:"state"` // "firing" or "resolved"
	Level string    `json:"level"`
	When  string    `json:"when"`
	Data  string    `json:"data,omitempty"`
	Text  string    `json:"text"`
	Since time.Time `json:"since"`
}

// hookQueue bounds the notices that wait: a hook that hangs must not collect
// them for ever.
const hookQueue = 64

// alertID tells alerts of a feed apart.
type alertID struct {
	rule int
	name datasource.Safe
}

// runHooks watches a feed and runs the hooks of h for each alert that begins
// or ends, one after the other, until ctx ends.
func runHooks(ctx context.Context, h config.Hooks, feed datasource.Feed, log *slog.Logger) error {
	defer feed.Close()
	queue := make(chan alertNotice, hookQueue)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range queue {
			if err := callHook(ctx, h, n); err != nil && ctx.Err() == nil {
				log.Warn("hook failed", "when", n.When, "err", err)
			}
		}
	}()
	active := map[alertID]datasource.Alert{}
	for {
		for _, n := range alertChanges(active, feed.Snapshot(), h.Level) {
			select {
			case queue <- n:
			default:
				log.Warn("hook skipped: too many are waiting", "when", n.When)
			}
		}
		select {
		case <-feed.Changed():
		case <-ctx.Done():
			close(queue)
			<-done
			return nil
		}
	}
}

// alertChanges returns what began or ended since the last call, and brings active
// up to date.
func alertChanges(active map[alertID]datasource.Alert, snap *datasource.Snapshot, least datasource.Level) []alertNotice {
	var out []alertNotice
	now := map[alertID]bool{}
	for _, a := range snap.Alerts {
		if a.Level < least || !a.Ended.IsZero() {
			continue
		}
		id := alertID{a.Rule, a.Name}
		now[id] = true
		if _, ok := active[id]; !ok {
			active[id] = a
			out = append(out, newNotice(a, "firing", snap.At))
		}
	}
	for id, a := range active {
		if !now[id] {
			delete(active, id)
			out = append(out, newNotice(a, "resolved", snap.At))
		}
	}
	return out
}

func newNotice(a datasource.Alert, state string, at time.Time) alertNotice {
	return alertNotice{At: at, State: state, Level: a.Level.String(), When: a.When.String(), Data: a.Name.String(), Text: a.Text.String(), Since: a.Since}
}

// callHook runs the program and calls the address, each with the alert as
// JSON.
func callHook(ctx context.Context, h config.Hooks, n alertNotice) error {
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	if len(h.Exec) > 0 {
		cmd := exec.CommandContext(ctx, h.Exec[0], h.Exec[1:]...)
		cmd.Stdin = bytes.NewReader(body)
		cmd.Env = hookEnv(os.Environ())
		cmd.WaitDelay = time.Second
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("run %s: %w", h.Exec[0], err)
		}
	}
	if h.Webhook != "" {
		return postWebhook(ctx, h.Webhook.Reveal(), body)
	}
	return nil
}

// ours are the variables that hold the platform's secrets; a hook has no need
// of them.
var ours = []string{"REDIS_URL", "REDIS_PASSWORD", "DJANGO_API_TOKEN"}

// hookEnv is the environment of a hook.
func hookEnv(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains(ours, name)
	})
}

// withoutURL is an error of net/http without the address that it begins with:
// the path of a webhook is its password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func postWebhook(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("webhook is no address") // the error quotes it
	}
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("webhook: %w", withoutURL(err))
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return fmt.Errorf("webhook answered %s", res.Status)
	}
	return nil
}
