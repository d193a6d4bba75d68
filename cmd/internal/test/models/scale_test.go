//go:build bench && linux

package models

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestDiscover_200kKeys: 200,000 keys of 500 symbols and 40 accounts are looked
// through, and 500 symbols are on the screen. The figures are logged; what must
// hold are the bounds that a machine's load does not touch.
func TestDiscover_200kKeys(t *testing.T) {
	s := servertest.Redis(t)
	const keys = 200_000
	fillPlatform(s, 500, 40, keys)

	started := time.Now()
	cmd := exec.CommandContext(t.Context(), program(t), "discover", "--redis", s.URL(), "--max-keys", "0")
	cmd.Env = userEnv(t.TempDir())
	config, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	took, usage := time.Since(started), cmd.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("discover: %d keys in %.1f s (3 s of it listening, %.1f s of processor), %d MB, a configuration of %d bytes", keys, took.Seconds(), cmd.ProcessState.UserTime().Seconds(), usage.Maxrss/1024, len(config))
	if !strings.Contains(string(config), "# 500 now") || len(config) > 200_000 || usage.Maxrss > 100*1024 {
		t.Errorf("not all symbols, or too much:\n%.2000s", config)
	}

	file := filepath.Join(t.TempDir(), "found.yaml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go moveQuotes(ctx, s)
	started = time.Now()
	p := openTerminal(t, 160, 50, program(t), "--redis", s.URL(), "--config", file)
	p.waitFor(t, `Quotes · .*of 500`)
	p.waitFor(t, `500 live`)
	t.Logf("500 symbols are live after %.1f s", time.Since(started).Seconds())
	before := processorTime(t, p.pid)
	time.Sleep(10 * time.Second)
	t.Logf("the dashboard takes %.1f %% of a processor, 500 symbols that all move twice a second", 10*(processorTime(t, p.pid)-before).Seconds())
}

// fillPlatform writes quotes and bars by symbol, positions, PnL and limits by
// account and symbol, orders by uuid, and marks that are noise.
func fillPlatform(s *servertest.Server, symbols, accounts, keys int) {
	conn := s.Dial()
	defer conn.Close()
	sent, written := 0, 0
	flush := func() {
		for ; sent > 0; sent-- {
			_, _ = conn.Receive()
		}
	}
	do := func(args ...any) {
		_ = conn.Send(args...)
		if sent++; sent == 1000 {
			flush()
		}
		written++
	}
	for n := range symbols {
		do("SET", "quote:"+ticker(n), fmt.Sprintf(`{"symbol":%q,"bid":100.1,"ask":100.2,"ts":%d}`, ticker(n), time.Now().Unix()))
		do("ZADD", "bars:1m:"+ticker(n), time.Now().Unix(), fmt.Sprintf(`{"t":%d,"o":1,"h":2,"l":0.5,"c":1.5,"v":3}`, time.Now().Unix()))
	}
	for a := range accounts {
		account := fmt.Sprintf("ACC-%04d", 1000+a)
		do("HSET", "account:"+account, "equity", 1000, "balance", 1000, "margin", 10)
		for n := range symbols {
			do("HSET", "position:"+account+":"+ticker(n), "symbol", ticker(n), "size", 1, "entry_price", 100, "pnl", 1.5)
			do("SET", "pnl:"+account+":"+ticker(n), 1.5)
			do("SET", "limit:"+account+":"+ticker(n), `{"max_size":10,"max_loss":100,"used":1}`)
		}
		for o := range 1000 {
			do("HSET", fmt.Sprintf("order:%08x-0000-4000-8000-%012d", a, o), "id", o, "account", account, "symbol", ticker(o%symbols), "side", "buy", "qty", 1, "price", 99.5, "status", "open")
		}
	}
	for n := 0; written < keys; n++ {
		do("SETEX", fmt.Sprintf("seen:%032x", n*7919), 3600, 1)
	}
	flush()
}

// ticker is the n-th of many symbols of four letters.
func ticker(n int) string {
	return string([]byte{'A' + byte(n/676%26), 'A' + byte(n/26%26), 'A' + byte(n%26), 'Q'})
}

// moveQuotes writes every quote twice a second.
func moveQuotes(ctx context.Context, s *servertest.Server) {
	conn := s.Dial()
	defer conn.Close()
	for round := 0; ctx.Err() == nil; round++ {
		for n := range 500 {
			bid := 100 + float64((n+round)%37)*.01
			_ = conn.Send("SET", "quote:"+ticker(n), fmt.Sprintf(`{"symbol":%q,"bid":%.2f,"ask":%.2f,"ts":%d}`, ticker(n), bid, bid+.1, time.Now().Unix()))
		}
		for range 500 {
			_, _ = conn.Receive()
		}
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// processorTime is what a process has used of the processors so far.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	var user, system int64
	if _, err := fmt.Sscanf(strings.Join(strings.Fields(rest)[11:13], " "), "%d %d", &user, &system); err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
