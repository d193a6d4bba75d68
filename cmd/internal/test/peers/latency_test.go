//go:build bench

package peers

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"ticktop/datasource/testkit/servertest"
)

// watched is a program in a terminal whose output can be waited for.
type watched struct {
	cmd *exec.Cmd
	tty *os.File

	mu    sync.Mutex
	want  string
	buf   []byte
	found chan time.Time
}

func watch(t *testing.T, cmd *exec.Cmd, want string) *watched {
	t.Helper()
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	w := &watched{cmd: cmd, want: want, found: make(chan time.Time, 1)}
	var err error
	if w.tty, err = pty.StartWithSize(cmd, &pty.Winsize{Rows: 45, Cols: 160}); err != nil {
		t.Fatal(err)
	}
	go w.read()
	return w
}

func (w *watched) read() {
	b := make([]byte, 64<<10)
	for {
		n, err := w.tty.Read(b)
		now := time.Now()
		w.mu.Lock()
		if w.buf = append(w.buf, b[:n]...); w.want != "" && bytes.Contains(w.buf, []byte(w.want)) {
			w.want = ""
			w.found <- now
		}
		w.mu.Unlock()
		if err != nil {
			return
		}
		answer(w.tty, b[:n])
	}
}

// expect forgets what was written and waits for text from now on.
func (w *watched) expect(want string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf, w.want = w.buf[:0], want
}

// wait returns when the text came; ok is false after ten seconds.
func (w *watched) wait() (at time.Time, ok bool) {
	select {
	case at = <-w.found:
		return at, true
	case <-time.After(10 * time.Second):
		return at, false
	}
}

// end closes the program and returns the processor time of all its life.
func (w *watched) end() time.Duration {
	_ = w.cmd.Process.Signal(syscall.SIGTERM)
	_ = w.cmd.Wait()
	_ = w.tty.Close()
	return w.cmd.ProcessState.UserTime() + w.cmd.ProcessState.SystemTime()
}

// quietRedis has one quote and an account, and nobody writes to it.
func quietRedis(t *testing.T) *servertest.Server {
	s := servertest.Redis(t)
	s.Do("SET", "quote:EURUSD", `{"bid":"1.11111","ask":"1.11112"}`)
	s.Do("HSET", "account:ACC-1001", "equity", "48911.20", "open_orders", "3")
	s.Do("SET", "positions:ACC-1001", `[]`)
	return s
}

// TestLatency publishes single ticks into a quiet system and waits for their
// digits on the terminal. redis-cli, which prints what it receives at once and
// does nothing else, hears the same ticks: what it takes is the machine's share.
func TestLatency(t *testing.T) {
	srv := quietRedis(t)
	w := watch(t, exec.Command(build(t), "--redis", srv.URL(), "--var", "symbols=EURUSD"), "11111")
	defer w.end()
	if _, ok := w.wait(); !ok {
		t.Fatal("no quote on the screen")
	}
	bare := watch(t, exec.Command("redis-cli", "-u", srv.URL(), "psubscribe", "ticks:*"), "ticks:")
	defer bare.end()
	if _, ok := bare.wait(); !ok {
		t.Fatal("redis-cli does not listen")
	}
	time.Sleep(2 * time.Second)
	conn := srv.Dial()
	const samples = 200
	var took, barely []time.Duration
	for i := range samples {
		time.Sleep(300*time.Millisecond + rand.N(400*time.Millisecond))
		digits := strings.Repeat(fmt.Sprint(2+i%8), 5)
		w.expect(digits[:4])
		bare.expect(digits[:4])
		began := time.Now()
		if _, err := conn.Do("PUBLISH", "ticks:EURUSD", fmt.Sprintf(`{"bid":"1.%s","ask":"1.%s"}`, digits, digits)); err != nil {
			t.Fatal(err)
		}
		at, ok := w.wait()
		if !ok {
			t.Fatalf("tick %d never came", i)
		}
		first, ok := bare.wait()
		if !ok {
			t.Fatalf("redis-cli never heard tick %d", i)
		}
		took, barely = append(took, at.Sub(began)), append(barely, first.Sub(began))
	}
	for name, d := range map[string][]time.Duration{"ticktop": took, "redis-cli": barely} {
		slices.Sort(d)
		fmt.Printf("publish to bytes on the terminal, %d ticks, %s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms\n", samples, name,
			ms(d[samples/2]), ms(d[samples*9/10]), ms(d[samples*99/100]), ms(d[samples-1]))
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// TestStart starts ticktop and redis-cli ping in turn.
func TestStart(t *testing.T) {
	srv, bin := quietRedis(t), build(t)
	var ours, theirs, ourCPU, theirCPU []float64
	for i := range 31 {
		began := time.Now()
		w := watch(t, exec.Command(bin, "--redis", srv.URL(), "--var", "symbols=EURUSD"), "11111")
		at, ok := w.wait()
		if !ok {
			t.Fatal("no quote on the screen")
		}
		used := w.end()
		p := watch(t, exec.Command("redis-cli", "-u", srv.URL(), "ping"), "PONG")
		pinged := time.Now()
		pong, ok := p.wait()
		if !ok {
			t.Fatal("no PONG")
		}
		pingCPU := p.end()
		if i == 0 {
			continue // files are read into memory
		}
		ours, theirs = append(ours, ms(at.Sub(began))), append(theirs, ms(pong.Sub(pinged)))
		ourCPU, theirCPU = append(ourCPU, ms(used)), append(theirCPU, ms(pingCPU))
	}
	a, b := middle(ours), middle(theirs)
	fmt.Printf("cold start to content: %.1f ms, redis-cli ping %.1f ms, ratio %.1f; CPU %.1f and %.1f ms\n", a, b, a/b, middle(ourCPU), middle(theirCPU))
}

func middle(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// TestIdle leaves ticktop alone with a Redis that nobody writes to.
func TestIdle(t *testing.T) {
	srv := quietRedis(t)
	w := watch(t, exec.Command(build(t), "--redis", srv.URL(), "--var", "symbols=EURUSD"), "11111")
	defer w.end()
	if _, ok := w.wait(); !ok {
		t.Fatal("no quote on the screen")
	}
	time.Sleep(warm)
	const span = 30 * time.Second
	before := schedTime(t, w.cmd.Process.Pid)
	w.expect("")
	time.Sleep(span)
	used := schedTime(t, w.cmd.Process.Pid) - before
	w.mu.Lock()
	written := len(w.buf)
	w.mu.Unlock()
	fmt.Printf("idle: %.2f %% of a core, %.0f bytes/s to the terminal\n", 100*used.Seconds()/span.Seconds(), float64(written)/span.Seconds())
}

// schedTime is the processor time of a process to the nanosecond, from the
// scheduler; /proc/PID/stat counts in steps of 10 ms.
func schedTime(t *testing.T, pid int) (sum time.Duration) {
	t.Helper()
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		f, err := os.Open(fmt.Sprintf("/proc/%d/task/%s/schedstat", pid, task.Name()))
		if err != nil {
			continue // the thread has ended
		}
		b, _ := io.ReadAll(f)
		_ = f.Close()
		var ns int64
		if _, err := fmt.Sscan(string(b), &ns); err == nil {
			sum += time.Duration(ns)
		}
	}
	return sum
}
