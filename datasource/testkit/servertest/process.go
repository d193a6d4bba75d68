package servertest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// process is one child: started, frozen, killed, started again.
type process struct {
	tb   testing.TB
	path string
	args []string
	dir  string
	env  []string

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{} // closed when the child has ended
	log  lockedBuffer
}

func newProcess(tb testing.TB, path, dir string, args ...string) *process {
	p := &process{tb: tb, path: path, args: args, dir: dir}
	tb.Cleanup(p.kill)
	return p
}

func (p *process) start() {
	p.tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	cmd := exec.CommandContext(context.Background(), p.path, p.args...) // ended by kill
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, &p.log, &p.log
	cmd.Env = append(os.Environ(), p.env...)
	dieWithParent(cmd)
	if err := cmd.Start(); err != nil {
		p.tb.Fatalf("start %s: %v", p.path, err)
	}
	done := make(chan struct{})
	p.cmd, p.done = cmd, done
	go func() {
		_ = cmd.Wait() // how it ended does not matter, only that it did
		close(done)
	}()
}

// kill ends the child at once (SIGKILL works on a frozen one too) and waits.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.done
	p.cmd = nil
}

// ended reports whether the child is gone.
func (p *process) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return true
	}
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) setFrozen(freeze bool) {
	p.tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		p.tb.Fatalf("%s does not run", p.path)
	}
	if err := freezeProcess(p.cmd.Process, freeze); err != nil {
		Skip(p.tb, "freeze %s: %v", p.path, err)
	}
}

// lockedBuffer collects a child's output, for the message when it fails.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
