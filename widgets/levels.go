package widgets

import (
	"math"
	"strconv"
	"strings"
)

// Level is the price of an alert.
type Level struct {
	Element string  // "EURUSD"
	Words   string  // "above", "below"
	Price   float64 //
}

// Levels writes levels for Context.Levels.
func Levels(levels []Level) string {
	var b strings.Builder
	for _, l := range levels {
		b.WriteString(l.Element + "\x00" + l.Words + "\x00" + strconv.FormatFloat(l.Price, 'g', -1, 64) + "\x00")
	}
	return b.String()
}

// ParseLevels is the inverse of Levels; what it cannot read is left out.
func ParseLevels(s string) []Level {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, "\x00")
	var out []Level
	for i := 0; i+2 < len(parts); i += 3 {
		if p, err := strconv.ParseFloat(parts[i+2], 64); err == nil && !math.IsNaN(p) && !math.IsInf(p, 0) {
			out = append(out, Level{Element: parts[i], Words: parts[i+1], Price: p})
		}
	}
	return out
}
