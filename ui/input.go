package ui

import (
	"slices"
	"strings"
	"unicode"
)

// maxInput is the most characters a line of input holds.
const maxInput = 256

// input is one line being typed. Its text is what the keyboard and the
// clipboard sent: it goes through datasource.Clean before it is shown.
//
// It is not Bubbles' textinput because that one draws with a style a cell and
// pastes from the clipboard of the machine that it runs on, which over SSH is
// the server's.
type input struct {
	runes []rune
	at    int
}

func (l *input) String() string { return string(l.runes) }

func (l *input) set(s string) {
	l.runes = nil
	l.at = 0
	l.insert(s)
}

func (l *input) insert(s string) {
	for _, r := range s {
		if len(l.runes) >= maxInput {
			return
		}
		if unicode.IsControl(r) {
			continue
		}
		l.runes = slices.Insert(l.runes, l.at, r)
		l.at++
	}
}

// key edits the line; false means that the key is none of its own.
func (l *input) key(key, text string) bool {
	switch key {
	case "backspace", "ctrl+h":
		l.cut(l.at-1, l.at)
	case "delete", "ctrl+d":
		l.cut(l.at, l.at+1)
	case "ctrl+w", "alt+backspace":
		l.cut(l.wordStart(), l.at)
	case "ctrl+u":
		l.cut(0, l.at)
	case "ctrl+k":
		l.cut(l.at, len(l.runes))
	case "left", "ctrl+b":
		l.at = max(l.at-1, 0)
	case "right", "ctrl+f":
		l.at = min(l.at+1, len(l.runes))
	case "home", "ctrl+a":
		l.at = 0
	case "end", "ctrl+e":
		l.at = len(l.runes)
	default:
		if text == "" {
			return false
		}
		l.insert(text)
	}
	return true
}

func (l *input) cut(from, to int) {
	from, to = max(from, 0), min(to, len(l.runes))
	if from < to {
		l.runes = slices.Delete(l.runes, from, to)
		l.at = from
	}
}

func (l *input) wordStart() int {
	i := l.at
	for i > 0 && l.runes[i-1] == ' ' {
		i--
	}
	for i > 0 && !strings.ContainsRune(" :,./", l.runes[i-1]) {
		i--
	}
	if i == l.at && i > 0 {
		i--
	}
	return i
}
