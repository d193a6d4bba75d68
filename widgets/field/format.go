package field

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// Format is how a value is written.
type Format struct {
	Class    Class
	Decimals int    // exactly so many; Auto for those of the class
	Unit     string // after a blank: "ms"
	Compact  bool   // 48.9k
	Ratio    bool   // a fraction, shown in per cent
	Plain    bool   // no commas between thousands
	Plus     bool   // a plus before what is above zero
}

// Auto is the Decimals of a class that decides by the number.
const Auto = -1

// Absent is shown where a field has no value.
const Absent = "–"

// formats are the names of Parse.
var formats = map[string]Format{
	"text":     {Class: Plain, Decimals: Auto, Plain: true},
	"number":   {Class: Volume, Decimals: Auto},
	"fixed":    {Class: Volume, Decimals: 2},
	"money":    {Class: Money, Decimals: Auto},
	"signed":   {Class: Signed, Decimals: Auto, Plus: true},
	"percent":  {Class: Percent, Decimals: Auto, Unit: "%"},
	"change":   {Class: Change, Decimals: 2, Unit: "%", Plus: true},
	"ratio":    {Class: Percent, Decimals: 2, Unit: "%", Ratio: true},
	"bps":      {Class: Volume, Decimals: Auto, Unit: "bps"},
	"price":    {Class: Price, Decimals: Auto},
	"count":    {Class: Count, Decimals: Auto},
	"volume":   {Class: Volume, Decimals: Auto},
	"duration": {Class: Duration, Decimals: Auto},
	"compact":  {Class: Volume, Decimals: 1, Compact: true},
	"time":     {Class: Time},
	"side":     {Class: Side},
}

// Parse reads a format of a spec: a name, and after a colon the decimals or,
// when it is not a number, the unit: "money", "percent:1", "fixed:0",
// "duration:ms", "compact". Percent is for figures already in per cent, ratio
// for fractions, bps for figures already in basis points. The empty format is
// the one that name suggests.
func Parse(format, name string) (Format, error) {
	if format == "" || format == "auto" {
		return Guessed(name), nil
	}
	kind, arg, has := strings.Cut(format, ":")
	f, ok := formats[kind]
	if !ok {
		return Format{}, fmt.Errorf("unknown format %q (one of text, number, fixed, money, signed, percent, change, ratio, bps, price, count, volume, duration, compact, time, side)", format)
	}
	if !has {
		return f, nil
	}
	if d, err := strconv.Atoi(arg); err == nil {
		if d < 0 || d > maxDecimals {
			return Format{}, fmt.Errorf("format %q: %d decimals are not between 0 and %d", format, d, maxDecimals)
		}
		f.Decimals = d
		return f, nil
	}
	f.Unit = datasource.Clean(arg, 16).String()
	return f, nil
}

// Guessed is the format that a field's name suggests.
func Guessed(name string) Format {
	class, unit := Guess(name)
	f := Format{Class: class, Decimals: Auto, Unit: unit}
	switch class {
	case Signed:
		f.Plus = true
	case Change:
		f.Plus, f.Decimals = true, 2
	case Plain, Name:
		f.Plain = class == Name
	}
	return f
}

// Append appends a value; times are told as seen from now, in its zone. What
// it appends is safe to show.
func (f Format) Append(dst []byte, v *datasource.Value, now time.Time) []byte {
	if v == nil {
		return append(dst, Absent...)
	}
	if f.Class == Time {
		if t, ok := TimeOf(v); ok {
			return AppendTime(dst, t, now)
		}
	}
	switch v.Type {
	case datasource.TypeNumber:
		return f.AppendNumber(dst, v.Num)
	case datasource.TypeText:
		if f.Class == Side {
			return append(dst, strings.ToUpper(v.Text.String())...)
		}
		return append(dst, v.Text.String()...)
	case datasource.TypeBool:
		return strconv.AppendBool(dst, v.Bool)
	case datasource.TypeObject:
		return appendCount(dst, len(v.Fields), "field")
	case datasource.TypeArray:
		return appendCount(dst, len(v.Items), "item")
	case datasource.TypeSeries:
		return appendCount(dst, len(v.Points), "point")
	case datasource.TypeMessages:
		return appendCount(dst, len(v.Messages), "message")
	default:
		return append(dst, Absent...)
	}
}

// AppendNumber appends a number in the format.
func (f Format) AppendNumber(dst []byte, n datasource.Number) []byte {
	switch {
	case f.Compact && n.Finite():
		dst = appendCompact(dst, n.Float(), max(f.Decimals, 0), f.Plus)
	case f.Ratio && n.Finite():
		dst = AppendDecimal(dst, datasource.NumberFromFloat(n.Float()*100), f.Decimals, !f.Plain, f.Plus)
	default:
		dst = AppendDecimal(dst, n, f.decimals(n), !f.Plain, f.Plus)
	}
	if f.Unit != "" {
		dst = append(append(dst, ' '), f.Unit...)
	}
	return dst
}

// decimals is how many digits after the point n is shown with.
func (f Format) decimals(n datasource.Number) int {
	if f.Decimals != Auto {
		return f.Decimals
	}
	d := n.Decimals()
	noise := d > maxDecimals
	switch {
	case f.Class == Money || f.Class == Signed:
		if d <= 2 || noise && math.Abs(n.Float()) >= 1 {
			return 2
		}
	case f.Class == Percent && d > 2:
		return 2
	}
	if noise {
		return maxDecimals
	}
	if d == 0 {
		return Auto
	}
	return d
}

func appendCompact(dst []byte, f float64, decimals int, plus bool) []byte {
	if plus && f > 0 {
		dst = append(dst, '+')
	}
	unit := ""
	for _, u := range [...]string{"k", "M", "G", "T"} {
		if math.Abs(f) < 1000 {
			break
		}
		f /= 1000
		unit = u
	}
	if unit == "" && f == math.Trunc(f) {
		decimals = 0
	}
	dst = strconv.AppendFloat(dst, f, 'f', decimals, 64)
	return append(dst, unit...)
}

func appendCount(dst []byte, n int, what string) []byte {
	dst = append(strconv.AppendInt(dst, int64(n), 10), ' ')
	dst = append(dst, what...)
	if n != 1 {
		dst = append(dst, 's')
	}
	return dst
}
