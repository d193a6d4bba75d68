package browse

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"ticktop/widgets/theme"
)

// pin puts what is under the cursor on a page, or takes it away.
func (b *Browser) pin() tea.Cmd {
	r := b.row()
	if r == nil || r.node == nil {
		return nil
	}
	return b.pinKey(r.Full, r.Folder())
}

func (b *Browser) pinKey(full string, family bool) tea.Cmd {
	source := b.source
	return b.async(func() func() tea.Cmd {
		done, err := source.Pin(full, family)
		pins := source.Pins()
		return func() tea.Cmd {
			b.pins = pins
			switch {
			case err != nil:
				b.say(theme.Bad, lineOf(err).String())
				return nil
			case done.On:
				b.say(theme.Good, "pinned "+done.Name.String()+" on the last page")
			default:
				b.say(theme.Label, "no longer pinned: "+done.Name.String())
			}
			return b.reopen()
		}
	})
}

// pinned reports whether a row is pinned.
func (b *Browser) pinned(r *Row) bool {
	name := r.Full
	if r.Folder() {
		name += "*"
	}
	return slices.Contains(b.pins, name)
}
