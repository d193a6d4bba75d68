package account

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/draw"
	"ticktop/widgets/facts"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// usualGauges are shown for accounts that have their fields; of two with the
// same label the first that can be reckoned.
var usualGauges = []Gauge{
	{Label: "Margin use", Field: "margin_use_pct"},
	{Label: "Margin use", Field: "margin_used_pct"},
	{Label: "Margin use", Field: "margin", Limit: "equity"},
	{Label: "Margin use", Field: "used_margin", Limit: "equity"},
	{Label: "Margin use", Field: "margin_used", Limit: "equity"},
	{Label: "Margin use", Field: "margin_use"},
	{Label: "Day loss", Field: "day_loss_pct"},
	{Label: "Day loss", Field: "daily_loss_pct"},
	{Label: "Day loss", Field: "pnl_day", Limit: "day_loss_limit", Loss: true},
	{Label: "Day loss", Field: "daily_pnl", Limit: "daily_loss_limit", Loss: true},
	{Label: "Day loss", Field: "pnl_day", Limit: "max_day_loss", Loss: true},
	{Label: "Day loss", Field: "daily_pnl", Limit: "max_daily_loss", Loss: true},
}

func (g *Gauge) checkSpec() error {
	switch {
	case g.Field == "":
		return fmt.Errorf("field is missing")
	case g.Label == "":
		return fmt.Errorf("label is missing")
	case g.Limit != "" && g.Max != 0:
		return fmt.Errorf("%s: limit and max exclude each other", g.Label)
	case g.Max < 0 || math.IsNaN(g.Max) || math.IsInf(g.Max, 0):
		return fmt.Errorf("%s: max %g is no limit", g.Label, g.Max)
	case g.Warn < 0 || g.Bad < 0 || g.Bad > 0 && g.Warn > g.Bad:
		return fmt.Errorf("%s: warn and bad must be rising per cents", g.Label)
	}
	return nil
}

// gaugeFacts reckons the gauges that the account has the fields for; each is a
// its own line.
func (w *Widget) gaugeFacts(e *datasource.Entry) []facts.Fact {
	var out []facts.Fact
	wide := 0
	for i := range w.gauges {
		g := &w.gauges[i]
		label := datasource.Clean(g.Label, datasource.MaxCell).String()
		if slices.ContainsFunc(out, func(x facts.Fact) bool { return x.Label == label }) {
			continue
		}
		if pct, ok := g.percentOfLimit(&e.Value); ok {
			wide = max(wide, draw.Width(label))
			out = append(out, facts.Fact{
				Datum: w.spec.Data, Path: g.Field, Name: g.Field, Label: label, Value: field.At(&e.Value, g.Field), Entry: e,
				Meter: &facts.Meter{Share: pct / 100, Role: g.roleNearLimit(pct)},
			})
		}
	}
	for i := range out {
		out[i].Meter.Label = wide
	}
	return out
}

// percentOfLimit is the figure in per cent of its limit. The float is for the length of
// the bar and its rounded figure, not for money.
func (g *Gauge) percentOfLimit(v *datasource.Value) (float64, bool) {
	x, ok := fieldNumber(v, g.Field)
	if !ok {
		return 0, false
	}
	limit := 100.0
	switch {
	case g.Max > 0:
		limit = g.Max
	case g.Limit != "":
		if limit, ok = fieldNumber(v, g.Limit); !ok {
			return 0, false
		}
	}
	switch {
	case g.Loss:
		x = -x
	case strings.Contains(g.Field, "loss"): // some write a loss below zero, some above
		x = math.Abs(x)
	}
	limit = math.Abs(limit)
	if limit == 0 {
		return 0, false
	}
	return min(max(x, 0)/limit*100, 9999), true
}

func fieldNumber(v *datasource.Value, name string) (float64, bool) {
	n, ok := field.At(v, name).Number()
	return n.Float(), ok && n.Finite()
}

// roleNearLimit says how near to its limit a figure is.
func (g *Gauge) roleNearLimit(pct float64) theme.Role {
	warn, bad := g.Warn, g.Bad
	if warn == 0 {
		warn = 50
	}
	if bad == 0 {
		bad = 80
	}
	switch {
	case pct >= max(bad, warn):
		return theme.Bad
	case pct >= warn:
		return theme.Warn
	default:
		return theme.Good
	}
}
