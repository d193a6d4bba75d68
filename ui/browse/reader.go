package browse

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// reader is one key that is inspected, piece by piece.
type reader struct {
	pager   *overlay.Pager
	request Request
	before  []string // where the pieces before began
	piece   Piece
	ready   bool
	problem datasource.Safe
}

// readerHost is the session as the pager sees it: closing goes back to the tree.
type readerHost struct {
	overlay.Host
	b *Browser
}

func (h readerHost) Close() {
	h.b.reader = nil
	h.b.asked = h.b.asked.Add(-factsAge)
	h.Rebuild()
}

// inspect opens a key.
func (b *Browser) inspect(h overlay.Host, key string) tea.Cmd {
	r := &reader{request: Request{Key: key}}
	b.reader = r
	r.pager = overlay.NewKeyPager(h, datasource.Clean(key, 256), r.view, func(k string) (tea.Cmd, bool) { return b.readerKey(r, k) })
	r.pager.Note = r.keys()
	return b.read(r)
}

// keys are the keys on the lower edge.
func (r *reader) keys() string {
	text := "d decode · + pin · / search · esc tree"
	if len(r.before) > 0 {
		text = "b piece before · " + text
	}
	if r.piece.Next != "" {
		text = "n next piece · " + text
	}
	return text
}

// view is what the pager shows.
func (r *reader) view() overlay.KeyView {
	v := overlay.KeyView{Problem: r.problem}
	if !r.ready {
		v.Waiting = r.problem.Empty()
		return v
	}
	p := &r.piece
	if v.Problem.Empty() {
		v.Problem = p.Problem
	}
	decoded := r.request.Decode
	if decoded == "" {
		decoded = "automatic (d tries others)"
	}
	v.Facts = [][2]string{
		{"key", datasource.Clean(r.request.Key, datasource.MaxDetail).String()}, {"type", p.Type}, {"encoding", p.Encoding},
		{"size", p.Size}, {"memory", p.Memory}, {"decoded", decoded}, {"shown", p.Place}, {"note", p.Note.String()},
	}
	v.Expires, v.Gone = p.Expires, p.Gone
	v.Value, v.Raw = &p.Value, p.Raw
	return v
}

// readerKey handles the keys of an inspected key.
func (b *Browser) readerKey(r *reader, key string) (tea.Cmd, bool) {
	switch key {
	case "n":
		if r.piece.Next == "" {
			b.say(theme.Label, "this is the end of the value")
			return nil, true
		}
		r.before = append(r.before, r.request.At)
		r.request.At = r.piece.Next
		return b.read(r), true
	case "b":
		if n := len(r.before); n > 0 {
			r.request.At, r.before = r.before[n-1], r.before[:n-1]
			return b.read(r), true
		}
		b.say(theme.Label, "this is the beginning of the value")
		return nil, true
	case "r":
		return b.read(r), true
	case "d":
		names := append([]string{""}, r.piece.Decoders...)
		r.request.Decode = names[(slices.Index(names, r.request.Decode)+1)%len(names)]
		return b.read(r), true
	case "+":
		return b.pinKey(r.request.Key, false), true
	}
	return nil, false
}

// read reads the piece that is asked for.
func (b *Browser) read(r *reader) tea.Cmd {
	source, request := b.source, r.request
	return b.async(func() func() tea.Cmd {
		piece, err := source.Inspect(request)
		return func() tea.Cmd {
			if request != r.request { // another was asked for meanwhile
				return nil
			}
			r.problem = datasource.Safe{}
			if err != nil {
				r.problem = lineOf(err)
				return nil
			}
			r.piece, r.ready = piece, true
			r.pager.Note = r.keys()
			return nil
		}
	})
}
