package store

import (
	"slices"
	"time"

	"ticktop/datasource"
)

// Moves returns next with every number marked that is higher or lower than its
// predecessor in prev, at the time at; a number that has not changed keeps the
// mark that it had in prev. Fields are matched by name, objects of an array by
// their "ticket", "id" or "symbol" where they have one, and by place where they
// have not.
//
// Neither argument is written to: parts that get other marks are copied.
func Moves(prev *datasource.Value, next datasource.Value, at time.Time) datasource.Value {
	if prev.Type != next.Type {
		return next
	}
	switch next.Type {
	case datasource.TypeNumber:
		next.Move = numberMove(prev, &next, at)
	case datasource.TypeObject:
		next.Fields = fieldMoves(prev.Fields, next.Fields, at)
	case datasource.TypeArray:
		next.Items = itemMoves(prev.Items, next.Items, at)
	}
	return next
}

// numberMove compares a number with the one before. Digits may differ where the
// amount does not ("1.1", "1.10"): that is no move. NaN compares with nothing.
// A decoder that has marked the same direction since knows the time better.
func numberMove(prev, next *datasource.Value, at time.Time) datasource.Move {
	dir := int8(0)
	switch was, is := prev.Num.Float(), next.Num.Float(); {
	case is > was:
		dir = +1
	case is < was:
		dir = -1
	default:
		return prev.Move
	}
	if next.Move.Dir == dir && next.Move.MS > prev.Move.MS {
		return next.Move
	}
	return datasource.Move{Dir: dir, MS: at.UnixMilli()}
}

func fieldMoves(prev, next []datasource.Field, at time.Time) []datasource.Field {
	if sameSlice(prev, next) {
		return next
	}
	out := next
	for i := range next {
		old := fieldAt(prev, i, next[i].Name)
		if old == nil {
			continue
		}
		v := Moves(old, next[i].Value, at)
		if sameMoves(&v, &next[i].Value) {
			continue
		}
		if sameSlice(out, next) {
			out = slices.Clone(next)
		}
		out[i].Value = v
	}
	return out
}

// fieldAt finds a field by name; most producers keep their order.
func fieldAt(fields []datasource.Field, i int, name datasource.Safe) *datasource.Value {
	if i < len(fields) && fields[i].Name == name {
		return &fields[i].Value
	}
	for j := range fields {
		if fields[j].Name == name {
			return &fields[j].Value
		}
	}
	return nil
}

func itemMoves(prev, next []datasource.Value, at time.Time) []datasource.Value {
	if sameSlice(prev, next) {
		return next
	}
	byKey := make(map[string]int)
	for i := range prev {
		if key, ok := itemKey(&prev[i]); ok {
			byKey[key] = i
		}
	}
	out := next
	for i := range next {
		key, keyed := itemKey(&next[i])
		j, found := byKey[key]
		switch {
		case keyed && found:
		case !keyed && i < len(prev):
			j = i
		default:
			continue
		}
		v := Moves(&prev[j], next[i], at)
		if sameMoves(&v, &next[i]) {
			continue
		}
		if sameSlice(out, next) {
			out = slices.Clone(next)
		}
		out[i] = v
	}
	return out
}

// sameMoves reports whether two versions of one value carry the same marks.
func sameMoves(a, b *datasource.Value) bool {
	return a.Move == b.Move && sameSlice(a.Fields, b.Fields) && sameSlice(a.Items, b.Items)
}

// identity lists the fields that tell an object of an array from its
// neighbours. A ticket comes first: one symbol may have many positions.
var identity = [...]string{"ticket", "id", "symbol"}

// itemKey returns what identifies an object; ok is false where nothing does.
func itemKey(v *datasource.Value) (key string, ok bool) {
	for _, name := range identity {
		f, has := v.Field(name)
		if !has {
			continue
		}
		switch f.Type {
		case datasource.TypeText:
			return name + "=" + f.Text.String(), true
		case datasource.TypeNumber:
			return name + "=" + f.Num.String(), true
		}
	}
	return "", false
}

// looksEqual reports whether two values show the same. Values that share their parts
// are not compared part by part.
func looksEqual(a, b *datasource.Value) bool {
	if a.Type == b.Type && sameSlice(a.Fields, b.Fields) && sameSlice(a.Items, b.Items) &&
		sameSlice(a.Points, b.Points) && sameSlice(a.Messages, b.Messages) {
		return a.Bool == b.Bool && a.Num.String() == b.Num.String() && a.Text == b.Text
	}
	return a.Equal(b)
}

// sameSlice reports whether two slices are one.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
