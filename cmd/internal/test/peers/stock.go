package peers

import (
	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/sshd"
	"ticktop/ui"
)

// StockModel is a session's model for a program with Bubble Tea's own renderer.
// It shares only the engine: the baseline of `make bench-ssh`.
func StockModel(a *app.App, t sshd.Terminal) (*ui.Model, error) {
	o, err := a.SessionOptions(a.Config(), t.Env, true)
	if err != nil {
		return nil, err
	}
	o.Desk, o.Width, o.Height, o.FPS = a.Desk(app.Principal{}), t.Cols, t.Rows, 10
	m := ui.New(o)
	return m, m.Err()
}
