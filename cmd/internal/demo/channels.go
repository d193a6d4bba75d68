package demo

import "context"

// WithChannelPrefix is w with a prefix before the name of every channel: channels
// know no database, so a market beside a real one needs its own channels.
func WithChannelPrefix(w Writer, prefix string) Writer {
	if prefix == "" {
		return w
	}
	return prefixed{w, prefix}
}

type prefixed struct {
	to     Writer
	prefix string
}

// Pipeline implements Writer.
func (p prefixed) Pipeline(ctx context.Context, commands [][]any) error {
	out := make([][]any, len(commands))
	for i, c := range commands {
		if len(c) == 3 && c[0] == "PUBLISH" {
			switch name := c[1].(type) {
			case string:
				c = []any{c[0], p.prefix + name, c[2]}
			case []byte:
				c = []any{c[0], p.prefix + string(name), c[2]}
			}
		}
		out[i] = c
	}
	return p.to.Pipeline(ctx, out)
}
