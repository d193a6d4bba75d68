//go:build bench

package peers

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"ticktop/datasource/testkit/servertest"
)

// run is one program in a terminal of 160×45 for a while.
type run struct {
	cpu   float64 // processor seconds, user and system
	rss   float64 // MB, peak
	bytes int     // written to the terminal
	first time.Duration
}

const (
	warm = 3 * time.Second
	span = 10 * time.Second
)

// inTerminal runs a command and measures it after it has warmed up. want is
// what its first screen with content holds.
func inTerminal(t *testing.T, want string, cmd *exec.Cmd) run {
	t.Helper()
	cmd.Env = append(cmd.Env, os.Environ()...)
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	began := time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 45, Cols: 160})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	var mu sync.Mutex
	var r run
	counting := false
	go func() {
		b := make([]byte, 64<<10)
		var seen []byte
		for {
			n, err := tty.Read(b)
			mu.Lock()
			if counting {
				r.bytes += n
			}
			if r.first == 0 {
				if seen = append(seen, b[:n]...); bytes.Contains(seen, []byte(want)) {
					r.first = time.Since(began)
				}
			}
			mu.Unlock()
			if err != nil {
				return
			}
			answer(tty, b[:n])
		}
	}()
	time.Sleep(warm)
	before := treeTime(t, cmd.Process.Pid)
	mu.Lock()
	counting = true
	mu.Unlock()
	time.Sleep(span)
	mu.Lock()
	counting = false
	mu.Unlock()
	r.cpu = treeTime(t, cmd.Process.Pid) - before
	_ = cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.rss = float64(u.Maxrss) / 1024
	}
	mu.Lock()
	defer mu.Unlock()
	return r
}

// answer replies as a terminal does, so that nothing waits.
func answer(tty io.Writer, b []byte) {
	for query, reply := range map[string]string{
		"\x1b[c": "\x1b[?62;22c", "\x1b[6n": "\x1b[1;1R", "\x1b]11;?": "\x1b]11;rgb:1010/1414/1a1a\x1b\\", "\x1b[?2026$p": "\x1b[?2026;2$y",
	} {
		if bytes.Contains(b, []byte(query)) {
			fmt.Fprint(tty, reply)
		}
	}
}

// treeTime is the processor time of a process, in seconds, and of what it has
// started and waited for.
func treeTime(t *testing.T, pid int) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+2:]))
	u, _ := strconv.ParseFloat(f[13], 64)
	k, _ := strconv.ParseFloat(f[14], 64)
	return schedTime(t, pid).Seconds() + (u+k)/100
}

func median(rs []run, of func(run) float64) float64 {
	v := make([]float64, len(rs))
	for i, r := range rs {
		v[i] = of(r)
	}
	sort.Float64s(v)
	return v[len(v)/2]
}

// build makes a binary for this test.
func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "ticktop")
	out, err := exec.Command("go", "build", "-o", bin, "ticktop/cmd/ticktop").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// TestPeers compares whole programs on the same Redis under 1,000 ticks a
// second of 24 symbols, in turn, and prints a table of medians.
func TestPeers(t *testing.T) {
	if url := os.Getenv("TICKTOP_PEER_NAIVE"); url != "" {
		if err := runNaive(url); err != nil {
			t.Fatal(err)
		}
		return
	}
	bin := build(t)
	srv := servertest.Redis(t)
	sim := exec.Command(bin, "simulate", "--redis", srv.URL(), "--rate", "1000", "--symbols", "24")
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sim.Process.Kill(); _ = sim.Wait() }()
	time.Sleep(2 * time.Second)
	peers := []struct {
		name, want string
		cmd        func() *exec.Cmd
	}{
		{"ticktop", "EURUSD", func() *exec.Cmd {
			return exec.Command(bin, "--redis", srv.URL(), "--var", "symbols="+strings.Join(symbols, ","))
		}},
		{"naive Bubble Tea, Lip Gloss, ntcharts", "EURUSD", func() *exec.Cmd {
			c := exec.Command(os.Args[0], "-test.run", "^TestPeers$")
			c.Env = []string{"TICKTOP_PEER_NAIVE=" + srv.URL()}
			return c
		}},
		{"redis-cli PSUBSCRIBE", "ticks:", func() *exec.Cmd {
			return exec.Command("redis-cli", "-u", srv.URL(), "psubscribe", "ticks:*")
		}},
	}
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("TICKTOP_ROUNDS")); err == nil {
		rounds = n
	}
	all := make([][]run, len(peers))
	for range rounds {
		for i, p := range peers {
			all[i] = append(all[i], inTerminal(t, p.want, p.cmd()))
		}
	}
	fmt.Printf("# %d cores, %s, medians of %d\n", runtime.NumCPU(), time.Now().Format(time.DateOnly), rounds)
	fmt.Println("| program | CPU % of a core | ticktop's share | peak MB | kB/s to the terminal | first content, ms |")
	fmt.Println("|---|---|---|---|---|---|")
	mine := median(all[0], func(r run) float64 { return r.cpu })
	for i, p := range peers {
		cpu := median(all[i], func(r run) float64 { return r.cpu })
		fmt.Printf("| %s | %.1f | 1/%.1f | %.0f | %.1f | %.0f |\n", p.name, 100*cpu/span.Seconds(), cpu/mine,
			median(all[i], func(r run) float64 { return r.rss }),
			median(all[i], func(r run) float64 { return float64(r.bytes) })/1e3/span.Seconds(),
			median(all[i], func(r run) float64 { return float64(r.first.Milliseconds()) }))
	}
}

var symbols = []string{"EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCHF", "XAUUSD", "XAGUSD", "BTCUSD", "ETHUSD", "US500", "NAS100", "WTI",
	"USDCAD", "NZDUSD", "EURGBP", "EURJPY", "GBPJPY", "EURCHF", "AUDJPY", "GER40", "UK100", "JPN225", "BRENT", "NATGAS"}
