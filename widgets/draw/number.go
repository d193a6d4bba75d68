package draw

import (
	"ticktop/datasource"
	"ticktop/datasource/format"
)

// Numbers are written by package format; these are its names as widgets have
// always called them.

// Auto as a number of decimals keeps the producer's own.
const Auto = format.Auto

// Unit is what a number is shown in.
type Unit = format.Unit

// The units.
const (
	UnitNone     = format.UnitNone
	UnitPercent  = format.UnitPercent
	UnitFraction = format.UnitFraction
	UnitBps      = format.UnitBps
	UnitCompact  = format.UnitCompact
)

// NumberFormat says how a number is shown.
type NumberFormat = format.Style

// Plain shows a number with the producer's decimals and with thousands.
var Plain = format.Plain

// Fixed shows a number with that many decimals and with thousands.
func Fixed(decimals int) NumberFormat { return format.Fixed(decimals) }

// FormatNumber returns n in a format.
func FormatNumber(n datasource.Number, f NumberFormat) string { return format.Number(n, f) }

// AppendNumber appends n in a format.
func AppendNumber(dst []byte, n datasource.Number, f NumberFormat) []byte {
	return format.AppendNumber(dst, n, f)
}

// AppendFit is AppendNumber into at most width cells.
func AppendFit(dst []byte, n datasource.Number, f NumberFormat, width int) []byte {
	return format.AppendFit(dst, n, f, width)
}
