package overlay

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
)

// maxRunes is the most characters a line of input holds.
const maxRunes = 256

// Input is one line being typed: Bubbles' text input, drawn as part of a box.
// Its text is what the keyboard and the clipboard sent: it passes
// datasource.Clean before it is shown. ctrl+v is off: it would paste from the
// clipboard of the machine that ticktop runs on, which over SSH is the server's.
type Input struct{ model textinput.Model }

// NewInput returns a focused line with a text.
func NewInput(text string) Input {
	m := textinput.New()
	m.CharLimit = maxRunes
	m.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	m.Focus()
	m.SetValue(text)
	m.CursorEnd()
	return Input{m}
}

// Text returns what was typed.
func (l *Input) Text() string { return l.model.Value() }

// Shown returns the text as it may be drawn.
func (l *Input) Shown() datasource.Safe { return datasource.Clean(l.Text(), MaxInput) }

// BeforeCursor returns the part before the cursor as it is drawn.
func (l *Input) BeforeCursor() string {
	runes := []rune(l.Text())
	return datasource.Clean(string(runes[:min(l.model.Position(), len(runes))]), MaxInput).String()
}

// Set replaces the text.
func (l *Input) Set(text string) {
	if l.model.CharLimit == 0 {
		*l = NewInput(text)
		return
	}
	l.model.SetValue(text)
	l.model.CursorEnd()
}

// Insert puts pasted text at the cursor.
func (l *Input) Insert(text string) {
	l.makeReady()
	l.model, _ = l.model.Update(tea.PasteMsg{Content: text})
}

// Key edits the line; it reports whether the text changed or the cursor moved.
func (l *Input) Key(msg tea.KeyPressMsg) bool {
	l.makeReady()
	text, at := l.Text(), l.model.Position()
	l.model, _ = l.model.Update(msg)
	return text != l.Text() || at != l.model.Position()
}

// makeReady makes the zero Input an empty line.
func (l *Input) makeReady() {
	if l.model.CharLimit == 0 {
		*l = NewInput("")
	}
}
