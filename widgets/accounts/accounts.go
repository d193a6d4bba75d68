// Package accounts draws several trading accounts side by side: what each has
// made today, how much of its limits it uses, and all of them summed up in one
// currency by the quotes there are.
package accounts

import (
	"fmt"
	"slices"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "accounts"

// Spec configures the widget.
type Spec struct {
	Data          string   `yaml:"data" doc:"accounts: a repeated datum of objects, or one object"`
	More          []string `yaml:"more" doc:"other accounts"`
	Title         string   `yaml:"title" doc:"title of the panel; Accounts when empty"`
	Quote         string   `yaml:"quote" doc:"quotes to convert by: quote"`
	Currency      string   `yaml:"currency" doc:"of the sum: \"USD\", or where it is: account.currency; the first account's when empty"`
	DayLimit      string   `yaml:"day_limit" doc:"the loss allowed in a day: a field of the account, or an amount; day_loss_limit and the like when empty"`
	DrawdownLimit string   `yaml:"drawdown_limit" doc:"the drawdown allowed in per cent: a field of the account, or a number"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	data  []string
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("accounts: data is missing: name the accounts, for example data: accounts")
	}
	w := &Widget{spec: s, title: datasource.Clean(s.Title, 80), data: append([]string{s.Data}, s.More...)}
	if s.Title == "" {
		w.title = datasource.Clean("Accounts", 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string {
	out := slices.Clone(w.data)
	for _, name := range []string{w.spec.Quote, field.CurrencyDatum(w.spec.Currency)} {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 36, 5 }

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	return list.Move(f.View, a, len(k.rows), max(k.window.Lines, 1))
}

// Target implements widgets.Pointer: the account under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	if c := k.window.Cursor; c >= 0 && c < len(k.rows) {
		return widgets.Target{Name: k.rows[c].name, Row: -1}, true
	}
	return widgets.Target{}, false
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	return k.window.At(y - list.Top(f) - 1)
}
