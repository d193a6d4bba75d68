package decode

import (
	"time"

	"ticktop/datasource"
)

// Moved returns next with the Move of every number: its direction against the
// same number of prev, and when; a number that did not change keeps the move it
// had. Arrays and messages carry none. prev may be nil and is not written to;
// the fields of next are, so next must be fresh from this package.
func Moved(prev *datasource.Value, next datasource.Value, at time.Time) datasource.Value {
	if prev == nil || prev.Type != next.Type {
		return next
	}
	switch next.Type {
	case datasource.TypeNumber:
		next.Move = moveOf(prev, &next, at)
	case datasource.TypeObject:
		for i := range next.Fields {
			f := &next.Fields[i]
			j := place(prev.Fields, f.Name, i)
			if j < 0 {
				continue
			}
			old := &prev.Fields[j].Value
			switch {
			case old.Type != f.Value.Type:
			case f.Value.Type == datasource.TypeNumber:
				f.Value.Move = moveOf(old, &f.Value, at)
			}
		}
	}
	return next
}

func moveOf(prev, next *datasource.Value, at time.Time) datasource.Move {
	return direction(prev, next.Num.Float(), at.UnixMilli())
}

// direction is the move from a number to f; the one it had when both are equal.
func direction(prev *datasource.Value, f float64, ms int64) datasource.Move {
	switch old := prev.Num.Float(); {
	case f > old:
		return datasource.Move{Dir: 1, MS: ms}
	case f < old:
		return datasource.Move{Dir: -1, MS: ms}
	}
	return prev.Move
}
