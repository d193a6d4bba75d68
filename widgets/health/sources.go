package health

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// drawSource puts one source on the open line: its light with the word, its
// figures, and when it is not well the cause and the next try.
func drawSource(p *draw.Panel, f *widgets.Context, id datasource.SourceID) {
	s := &f.Data.Sources[id]
	glyph, role := lightGlyph(f.Theme, s.Light)
	p.Cell(theme.Strong, id.String(), 8).Lit(role, glyph).Skip(1).Cell(role, s.Light.String(), 12)
	parts := sourceFigures(id, s)
	if s.Fault != nil && s.Light != datasource.LightUp {
		parts = append(faultWords(s.Fault, f.Now), parts...)
		p.Lit(role, strings.Join(parts, " · "))
	} else {
		p.Lit(theme.Text, strings.Join(parts, " · "))
	}
	if since := sinceText(s.Since, f); since != "" && p.Left() > len(since)+2 {
		p.Right(theme.Dim, since, p.Left())
	}
}

// lightGlyph is the glyph and the role of a source's light.
func lightGlyph(pal *theme.Palette, l datasource.Light) (string, theme.Role) {
	ascii := pal.Symbols == theme.ASCII
	pick := func(u, a string) string {
		if ascii {
			return a
		}
		return u
	}
	switch l {
	case datasource.LightUp:
		return pick("●", "*"), theme.Good
	case datasource.LightDegraded:
		return pick("◐", "~"), theme.Warn
	case datasource.LightDown:
		return pick("✕", "x"), theme.Bad
	case datasource.LightConnecting:
		return pick("…", "."), theme.Dim
	default:
		return pick("○", "o"), theme.Dim
	}
}

// sourceFigures are what a source has to tell beside its light.
func sourceFigures(id datasource.SourceID, s *datasource.Status) []string {
	var parts []string
	if s.RTT > 0 {
		parts = append(parts, milliseconds(s.RTT))
	}
	if id != datasource.SourcePubSub {
		return parts
	}
	if s.Light == datasource.LightUp || s.Light == datasource.LightDegraded {
		parts = append(parts, count(s.Rate, rateDecimals(s.Rate))+"/s", plural(s.Channels, "channel"))
	}
	if s.Conflated > 0 {
		parts = append(parts, count(float64(s.Conflated), 0)+" conflated")
	}
	if s.Dropped > 0 {
		parts = append(parts, count(float64(s.Dropped), 0)+" dropped")
	}
	return parts
}

func rateDecimals(rate float64) int {
	if rate < 10 {
		return 1
	}
	return 0
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	return count(ms, rateDecimals(ms)) + " ms"
}

func count(x float64, decimals int) string {
	return draw.FormatNumber(datasource.NumberFromFloat(x), draw.Fixed(decimals))
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}

// faultWords are a fault's text, its hint and the next try.
func faultWords(f *datasource.Fault, now time.Time) []string {
	parts := []string{f.Error()}
	if f.RetryAt.After(now) {
		parts = append(parts, "retry in "+draw.Left(f.RetryAt.Sub(now)))
	}
	if !f.Hint.Empty() {
		parts = append(parts, f.Hint.String())
	}
	return parts
}

func sinceText(t time.Time, f *widgets.Context) string {
	if t.IsZero() {
		return ""
	}
	if f.Stamps {
		return "since " + draw.Clock(t, f.Now)
	}
	return "for " + strings.Replace(draw.Age(f.Now.Sub(t)), "now", "0 s", 1)
}
