package field

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets/draw"
)

// Format is how a value is written. Decimals may be draw.Auto: then the class
// and the number decide.
type Format struct {
	Class Class
	draw.NumberFormat
}

// Absent is shown where a field has no value.
const Absent = "–"

// maxDecimals is how many digits after the point a format may ask for.
const maxDecimals = format.MaxDecimals

// numberFormat is a Format of plain numbers.
func numberFormat(class Class, decimals int, unit draw.Unit, suffix string) Format {
	return Format{class, draw.NumberFormat{Decimals: decimals, Thousands: true, Unit: unit, Suffix: suffix}}
}

// signedFormat is f with a plus before what is above zero.
func signedFormat(f Format) Format {
	f.Sign = true
	return f
}

// formats are the names of Parse.
var formats = map[string]Format{
	"text":     {Class: Plain, NumberFormat: draw.NumberFormat{Decimals: draw.Auto}},
	"number":   numberFormat(Volume, draw.Auto, draw.UnitNone, ""),
	"fixed":    numberFormat(Volume, 2, draw.UnitNone, ""),
	"money":    numberFormat(Money, draw.Auto, draw.UnitNone, ""),
	"signed":   signedFormat(numberFormat(Signed, draw.Auto, draw.UnitNone, "")),
	"percent":  numberFormat(Percent, draw.Auto, draw.UnitPercent, ""),
	"change":   signedFormat(numberFormat(Change, 2, draw.UnitPercent, "")),
	"ratio":    numberFormat(Percent, 2, draw.UnitFraction, ""),
	"bps":      numberFormat(Volume, draw.Auto, draw.UnitBps, ""),
	"price":    numberFormat(Price, draw.Auto, draw.UnitNone, ""),
	"count":    numberFormat(Count, draw.Auto, draw.UnitNone, ""),
	"volume":   numberFormat(Volume, draw.Auto, draw.UnitNone, ""),
	"duration": numberFormat(Duration, draw.Auto, draw.UnitNone, ""),
	"compact":  numberFormat(Volume, 1, draw.UnitCompact, ""),
	"time":     {Class: Time},
	"side":     {Class: Side},
}

// Parse reads a format of a spec: a name, and after a colon the decimals or,
// when it is not a number, the unit: "money", "percent:1", "fixed:0",
// "duration:ms", "compact". Percent is for figures already in per cent, ratio
// for fractions, bps for figures already in basis points. The empty format is
// the one that name suggests.
func Parse(spec, name string) (Format, error) {
	if spec == "" || spec == "auto" {
		return Guessed(name), nil
	}
	kind, arg, has := strings.Cut(spec, ":")
	f, ok := formats[kind]
	if !ok {
		return Format{}, fmt.Errorf("unknown format %q (one of text, number, fixed, money, signed, percent, change, ratio, bps, price, count, volume, duration, compact, time, side)", spec)
	}
	if !has {
		return f, nil
	}
	if d, err := strconv.Atoi(arg); err == nil {
		if d < 0 || d > maxDecimals {
			return Format{}, fmt.Errorf("format %q: %d decimals are not between 0 and %d", spec, d, maxDecimals)
		}
		f.Decimals = d
		return f, nil
	}
	f.Suffix = " " + datasource.Clean(arg, 16).String()
	return f, nil
}

// Guessed is the format that a field's name suggests.
func Guessed(name string) Format {
	class, unit := Guess(name)
	f := numberFormat(class, draw.Auto, draw.UnitNone, "")
	switch {
	case unit == "%":
		f.Unit = draw.UnitPercent
	case unit == "bps":
		f.Unit = draw.UnitBps
	case unit != "":
		f.Suffix = " " + unit
	}
	switch class {
	case Signed:
		f.Sign = true
	case Change:
		f.Sign, f.Decimals = true, 2
	case Name:
		f.Thousands = false
	}
	return f
}

// Append appends a value; times are relative to now, in its zone. What
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
	return draw.AppendNumber(dst, n, f.For(n))
}

// For is the format with the decimals that it takes for n.
func (f Format) For(n datasource.Number) draw.NumberFormat {
	if f.Decimals != draw.Auto || f.Unit == draw.UnitCompact {
		return f.NumberFormat
	}
	d := format.NumberDecimals(n)
	switch {
	case (f.Class == Money || f.Class == Signed) && d <= 2:
		f.Decimals = 2
	case f.Class == Percent && d > 2 && f.Unit == draw.UnitPercent:
		f.Decimals = 2
	case f.Unit == draw.UnitFraction:
		f.Decimals = max(0, min(2, d-2))
	default:
		f.Decimals = d
	}
	return f.NumberFormat
}

// Scaled is the format that a rate's name suggested, with the unit that its
// number is in, as far as what stands beside it tells; without a unit where
// nothing tells. Formats of other figures are as they were.
func (f Format) Scaled(name string, beside []format.Rate) Format {
	if names.RateOf(name) == names.RateNone || f.Class != Percent && f.Class != Change && f.Class != Plain && f.Unit != draw.UnitPercent {
		return f
	}
	f.Unit = format.RateScale(name, beside).Unit()
	if f.Class == Change {
		f.Decimals = draw.Auto
	}
	if f.Class == Plain {
		f.Class = Percent
	}
	return f
}

func appendCount(dst []byte, n int, what string) []byte {
	dst = append(strconv.AppendInt(dst, int64(n), 10), ' ')
	dst = append(dst, what...)
	if n != 1 {
		dst = append(dst, 's')
	}
	return dst
}

// Width is the length of a number with thousands and so many decimals, before
// rounding; columns are measured by it.
func Width(n datasource.Number, decimals int) int {
	digits, sign := 0, 0
	text := n.String()
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && i == 0:
			sign = 1
		case c == '.':
			return sign + digits + (digits-1)/3 + fractionFormat(decimals)
		default: // an exponent, NaN, Inf
			return len(text)
		}
	}
	return sign + digits + max(digits-1, 0)/3 + fractionFormat(decimals)
}

func fractionFormat(decimals int) int {
	if decimals == 0 {
		return 0
	}
	return decimals + 1
}

// Believed is how many decimals of a number its producer meant.
func Believed(n datasource.Number) int { return format.NumberDecimals(n) }
