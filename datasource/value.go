package datasource

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Type is the shape of a decoded Value.
type Type uint8

// The shapes. TypeNone is the zero Value: nothing known.
const (
	TypeNone     Type = iota
	TypeNull          // JSON null, or an empty payload
	TypeBool          // Bool
	TypeNumber        // Num
	TypeText          // Text
	TypeObject        // Fields, in the producer's order
	TypeArray         // Items
	TypeSeries        // Points, oldest first
	TypeMessages      // Messages, newest first
)

// Value is one decoded datum. Exactly the fields that its Type names are set.
// A Value is immutable once published.
type Value struct {
	Type     Type
	Bool     bool
	Num      Number
	Text     Safe
	Fields   []Field
	Items    []Value
	Points   []Point
	Messages []Message
	Move     Move // TypeNumber: where it last moved
}

// Field is one named part of an object.
type Field struct {
	Name  Safe
	Value Value
}

// Point is one sample of a series. A NaN is a gap.
type Point struct {
	MS int64   // epoch milliseconds
	V  float64 //
}

// Time returns the point's time.
func (p Point) Time() time.Time { return time.UnixMilli(p.MS) }

// Message is one item of a channel, a list or a stream.
type Message struct {
	At    time.Time // received, or the stream entry's own time; zero for a list item
	ID    Safe      // stream ID; empty otherwise
	Value Value     //
}

// Move is the direction of a number's last change.
type Move struct {
	Dir int8  // +1 up, -1 down, 0 never moved
	MS  int64 // epoch milliseconds of that change
}

// Number is a number with the digits that its producer wrote: a price sent as
// "1.10" stays 1.10, and money never passes through float64 on its way to the
// screen. Make one with ParseNumber, NumberFromFloat or NumberFromInt.
type Number struct {
	text   string
	f      float64
	quoted bool
}

// ParseNumber reads a decimal in JSON's grammar, plus a leading '+' (dropped)
// and NaN or ±inf in any case. ok is false for anything else: hexadecimal,
// thousands separators, full-width digits and empty text are text, not numbers.
func ParseNumber(s string) (n Number, ok bool) {
	if f, ok := shortDecimal(s); ok {
		return Number{text: s, f: f}, true
	}
	if len(s) > 1 && s[0] == '+' && s[1] != '-' && s[1] != '+' {
		s = s[1:]
	}
	if !isJSONNumber(s) {
		switch f, err := strconv.ParseFloat(s, 64); {
		case err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) && len(s) <= len("-infinity"):
			return NumberFromFloat(f), true
		default:
			return Number{}, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) { // 1e400 keeps its digits, its float is inf
		return Number{}, false
	}
	return Number{text: s, f: f}, true
}

// exactPowers are the powers of ten that a float64 holds exactly, as far as
// shortDecimal needs them.
var exactPowers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// shortDecimal reads what nearly every price is: a decimal of at most 15 digits
// without an exponent. Digits and power are exact then, so one division rounds
// as strconv does (Clinger's fast path), in a fifth of the time. ok is false
// for all else, numbers or not.
func shortDecimal(s string) (f float64, ok bool) {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	first, point, mantissa := i, -1, uint64(0)
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
		case c == '.' && point < 0 && i > first:
			point = i
		default:
			return 0, false
		}
		if i-first > 15 {
			return 0, false
		}
	}
	digits, after := i-first, 0
	if point >= 0 {
		digits, after = digits-1, i-point-1
		if after == 0 {
			return 0, false
		}
	}
	if digits == 0 || digits > 15 || s[first] == '0' && digits-after > 1 {
		return 0, false
	}
	f = float64(mantissa) / exactPowers[after]
	if first == 1 {
		f = -f
	}
	return f, true
}

// NumberFromFloat returns f with the shortest digits that give f back.
func NumberFromFloat(f float64) Number {
	form := byte('f')
	if abs := math.Abs(f); abs >= 1e21 && !math.IsInf(f, 0) || abs < 1e-15 && f != 0 {
		form = 'e' // hundreds of zeros say less
	}
	return Number{text: strconv.FormatFloat(f, form, -1, 64), f: f}
}

// NumberFromInt returns i.
func NumberFromInt(i int64) Number { return Number{text: strconv.FormatInt(i, 10), f: float64(i)} }

// String returns the producer's digits.
func (n Number) String() string { return n.text }

// AsQuoted is n as one that its producer wrote in quotes: every digit is meant.
func (n Number) AsQuoted() Number {
	n.quoted = true
	return n
}

// Quoted reports whether the producer wrote the number as text, so that every
// digit is meant. One without quotes may be a printed binary fraction.
func (n Number) Quoted() bool { return n.quoted }

// Float returns the nearest float64, for scaling and comparing, never for
// showing money.
func (n Number) Float() float64 { return n.f }

// Finite reports whether n is neither NaN nor infinite.
func (n Number) Finite() bool { return !math.IsNaN(n.f) && !math.IsInf(n.f, 0) }

// Decimals returns how many digits the producer wrote after the point, with an
// exponent written out: 1.23e-6 has 8.
func (n Number) Decimals() int {
	whole, exp, has := strings.Cut(n.text, "e")
	if !has {
		whole, exp, has = strings.Cut(n.text, "E")
	}
	shift := 0
	if has {
		shift, _ = strconv.Atoi(exp)
	}
	d := 0
	if dot := strings.IndexByte(whole, '.'); dot >= 0 {
		d = len(whole) - dot - 1
	}
	return max(0, d-shift)
}

// isJSONNumber follows RFC 8259, section 6.
func isJSONNumber(s string) bool {
	i := 0
	digits := func() bool {
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	first := i
	if !digits() || i-first > 1 && s[first] == '0' {
		return false
	}
	if i < len(s) && s[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(s)
}

// Field returns the named field of an object.
func (v *Value) Field(name string) (*Value, bool) {
	for i := range v.Fields {
		if v.Fields[i].Name.s == name {
			return &v.Fields[i].Value, true
		}
	}
	return nil, false
}

// Number returns the value as a number. ok is false for any other type.
func (v *Value) Number() (Number, bool) {
	if v == nil || v.Type != TypeNumber {
		return Number{}, false
	}
	return v.Num, true
}

// Last returns the newest point of a series that is not a gap.
func (v *Value) Last() (Point, bool) {
	for i := len(v.Points) - 1; i >= 0; i-- {
		if !math.IsNaN(v.Points[i].V) {
			return v.Points[i], true
		}
	}
	return Point{}, false
}

// Equal reports whether two values show the same thing: same type, same
// digits, same text. Moves are not compared.
func (v *Value) Equal(o *Value) bool {
	if v.Type != o.Type || v.Bool != o.Bool || v.Num.text != o.Num.text || v.Text != o.Text ||
		len(v.Fields) != len(o.Fields) || len(v.Items) != len(o.Items) ||
		len(v.Points) != len(o.Points) || len(v.Messages) != len(o.Messages) {
		return false
	}
	for i := range v.Fields {
		if v.Fields[i].Name != o.Fields[i].Name || !v.Fields[i].Value.Equal(&o.Fields[i].Value) {
			return false
		}
	}
	for i := range v.Items {
		if !v.Items[i].Equal(&o.Items[i]) {
			return false
		}
	}
	for i := range v.Points {
		a, b := v.Points[i], o.Points[i]
		if a.MS != b.MS || math.Float64bits(a.V) != math.Float64bits(b.V) {
			return false
		}
	}
	for i := range v.Messages {
		a, b := &v.Messages[i], &o.Messages[i]
		if !a.At.Equal(b.At) || a.ID != b.ID || !a.Value.Equal(&b.Value) {
			return false
		}
	}
	return true
}
