package sshd

import (
	"strings"

	"charm.land/ssh"
	"github.com/charmbracelet/colorprofile"
)

// Terminal is what a session knows of the trader's terminal.
type Terminal struct {
	Term       string
	Env        []string // the allow-listed environment, TERM included
	Profile    colorprofile.Profile
	Cols, Rows int
	Rate       func() float64 // bytes a second sent to it, over the last few seconds
}

// terminal returns the session's terminal, nil when it asked for none.
func (v *client) terminal(sess ssh.Session) *ssh.Pty {
	p, _ := sess.Context().Value(ptyKey{}).(ssh.Pty)
	if p.Term == "" {
		return nil
	}
	return &p
}

type ptyKey struct{}

// keepPTY remembers the terminal that a session asked for; the filter has made
// it harmless.
func keepPTY(ctx ssh.Context, p ssh.Pty) bool {
	ctx.SetValue(ptyKey{}, p)
	return true
}

func terminalOf(sess ssh.Session, pty *ssh.Pty, rate func() float64) Terminal {
	env := make([]string, 0, len(sess.Environ())+1)
	for _, kv := range sess.Environ() {
		if !strings.HasPrefix(kv, "TERM=") {
			env = append(env, kv)
		}
	}
	env = append(env, "TERM="+pty.Term)
	return Terminal{
		Term: pty.Term, Env: env, Profile: profileOf(env),
		Cols: pty.Window.Width, Rows: pty.Window.Height, Rate: rate,
	}
}

// profileOf reads the colours from the trader's own environment. NO_COLOR is
// any value that is not empty, which the library takes for a boolean.
func profileOf(env []string) colorprofile.Profile {
	p := colorprofile.Env(env)
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, "NO_COLOR="); ok && v != "" {
			return min(p, colorprofile.ASCII)
		}
	}
	return p
}
