package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// maxCopy bounds what goes to a clipboard; many terminals drop more.
const maxCopy = 72 << 10

// terminal is what stands between us and the eyes of the trader: a
// multiplexer swallows sequences it does not know unless they are wrapped.
type terminal struct{ tmux, screen bool }

func newTerminal(term string, env tea.EnvMsg) terminal {
	if term == "" {
		term = env.Getenv("TERM")
	}
	return terminal{
		tmux:   env.Getenv("TMUX") != "" || strings.HasPrefix(term, "tmux"),
		screen: env.Getenv("STY") != "" || strings.HasPrefix(term, "screen"),
	}
}

// sendThrough returns the command that sends a sequence to the outermost terminal.
// tmux is sent it both plain and wrapped: which of the two it acts on is a
// matter of its set-clipboard and allow-passthrough.
func (t terminal) sendThrough(seq string) tea.Cmd {
	switch {
	case t.tmux:
		seq += ansi.TmuxPassthrough(seq)
	case t.screen:
		seq = ansi.ScreenPassthrough(seq, 768)
	}
	return tea.Raw(seq)
}

// copyText returns the command that puts text into the clipboard of the terminal,
// by OSC 52.
func (t terminal) copyText(text string) tea.Cmd { return t.sendThrough(ansi.SetSystemClipboard(text)) }

// desktopNotification returns the sequence that tells the desktop, in the dialect of
// how. title and text have passed the gate; semicolons part fields and are
// replaced.
func desktopNotification(how, title, text string) string {
	title, text = strings.ReplaceAll(title, ";", ","), strings.ReplaceAll(text, ";", ",")
	switch how {
	case "osc9":
		return "\x1b]9;" + title + ": " + text + "\x07"
	case "osc777":
		return "\x1b]777;notify;" + title + ";" + text + "\x07"
	case "osc99":
		return "\x1b]99;;" + title + ": " + text + "\x07"
	}
	return ""
}
