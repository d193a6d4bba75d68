package facts

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func paths(all []Fact) []string {
	var out []string
	for _, x := range all {
		out = append(out, x.Datum+"/"+x.Path+"/"+x.Label)
	}
	return out
}

func TestCollect(t *testing.T) {
	inner := widgettest.Object("day", "1", "deep", widgettest.Object("er", "2"))
	for _, tt := range []struct {
		name string
		data []widgettest.Datum
		want []string
	}{
		{"an object", []widgettest.Datum{widgettest.Live("x", widgettest.Object("free_margin", "1", "limits", inner))}, []string{"x/free_margin/Free margin", "x/limits.day/Limits day", "x/limits.deep/Limits deep"}},
		{"a group", []widgettest.Datum{widgettest.Live("x.a", widgettest.Num("1")), {Name: "x.b"}}, []string{"x.a//A", "x.b//B"}},
		{"a group of objects", []widgettest.Datum{widgettest.Live("x.a", widgettest.Object("n", "1"))}, []string{"x.a/n/A n"}},
		{"case twins", []widgettest.Datum{widgettest.Live("x", widgettest.Object("bid", "1", "Bid", "2", "BID", "3", "-bid", "4"))}, []string{"x/bid/bid", "x/Bid/Bid", "x/BID/BID", "x/-bid/-bid"}},
		{"twins in a group", []widgettest.Datum{widgettest.Live("x.a", widgettest.Object("bid", "1", "Bid", "2"))}, []string{"x.a/bid/a bid", "x.a/Bid/a Bid"}},
		{"a share beside its figure", []widgettest.Datum{widgettest.Live("x", widgettest.Object("loss", "1", "loss_pct", "2"))}, []string{"x/loss/Loss", "x/loss_pct/Loss"}},
		{"a number", []widgettest.Datum{widgettest.Live("x", widgettest.Num("1"))}, []string{"x//X"}},
		{"an empty object", []widgettest.Datum{widgettest.Live("x", widgettest.Object())}, []string{"x//X"}},
		{"an error", []widgettest.Datum{widgettest.In(datasource.StateError, "x", widgettest.Num("1"))}, []string{"x//X"}},
		{"nothing", nil, nil},
	} {
		if got := paths(Collect(widgettest.Snapshot(tt.data...), "x")); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestRates: a ratio is shown in per cent only where that can be told (case 40).
func TestRates(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []any
		want string
	}{
		{"case 40: ratios", []any{"win_rate", "0.57", "max_drawdown", "-0.082"}, "57%|-8.2%"},
		{"case 40: per cents", []any{"win_rate", "57.2", "max_drawdown", "-0.082"}, "57.2%|-0.08%"},
		{"case 40: nothing tells", []any{"win_rate", "0.57"}, "0.57"},
		{"case 40: the name tells", []any{"used_pct", "0.57"}, "0.57%"},
		{"case 7: a small number", []any{"funding", "1.23e-06"}, "0.00000123"},
		{"case 8: noise", []any{"delta", "231.07000000000002"}, "+231.07"},
	} {
		var got []string
		for _, x := range Collect(widgettest.Snapshot(widgettest.Live("x", widgettest.Object(tt.in...))), "x") {
			got = append(got, string(x.Form.Append(nil, x.Value, widgettest.Now)))
		}
		if text := strings.Join(got, "|"); text != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, text, tt.want)
		}
	}
}

// TestCollectIsBounded: a producer cannot make a panel endless.
func TestCollectIsBounded(t *testing.T) {
	var pairs []any
	for i := range 2 * maxFacts {
		pairs = append(pairs, "f"+strconv.Itoa(i), "1")
	}
	if got := len(Collect(widgettest.Snapshot(widgettest.Live("x", widgettest.Object(pairs...))), "x")); got != maxFacts {
		t.Errorf("%d facts, want %d", got, maxFacts)
	}
}

func TestFiltered(t *testing.T) {
	all := Collect(widgettest.Snapshot(widgettest.Live("x", widgettest.Object("free_margin", "1", "mode", "hedging", "equity", "2"))), "x")
	for filter, want := range map[string]int{"": 3, "free m": 1, "free_m": 1, "HEDG": 1, "!margin": 2, "zzz": 0} {
		if got := len(Filtered(all, list.NewFilter(filter))); got != want {
			t.Errorf("%q keeps %d, want %d", filter, got, want)
		}
	}
	if len(all) != 3 || all[0].Path != "free_margin" {
		t.Error("the facts were written to")
	}
}

// TestLine: the value goes before the label, and no digit is lost without a
// mark.
func TestLine(t *testing.T) {
	n := widgettest.Num("48911.20")
	name := widgettest.Text("a name that is long")
	for _, tt := range []struct {
		width int
		value *datasource.Value
		want  string
	}{
		{30, &n, "Free margin        48,911.20  "},
		{16, &n, "Fre… 48,911.20  "},
		{13, &n, "Fre… 48.91k  "},
		{10, &n, "Fre… 49k  "},
		{20, &name, "Free mar… a name …  "},
	} {
		x := Fact{Label: "Free margin", Value: tt.value, Entry: &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive}, Form: field.Guessed("free_margin")}
		f := widgets.Context{Theme: theme.Compile(nil, theme.ProfileNone, theme.Braille), Now: widgettest.Now}
		p := draw.NewPanel(f.Theme, tt.width, 1, draw.Head{Bare: true})
		Line(p, &f, &x, false)
		got := p.String()
		if draw.Width(got) != tt.width || strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
			t.Errorf("%d cells: got %q, want %q", tt.width, got, tt.want)
		}
	}
}

func TestMeter(t *testing.T) {
	f := widgets.Context{Theme: theme.Compile(nil, theme.ProfileNone, theme.ASCII)}
	for share, want := range map[float64]string{
		0: "Use -------------    0%", 0.001: "Use =------------  0.1%", 0.5: "Use =======------   50%", 1: "Use =============  100%", 12.5: "Use ============= 1250%",
	} {
		x := Fact{Label: "Use", Entry: &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive}, Meter: &Meter{Share: share, Role: theme.Good, Label: 3}}
		p := draw.NewPanel(f.Theme, 23, 1, draw.Head{Bare: true})
		Line(p, &f, &x, false)
		if got := p.String(); got != want {
			t.Errorf("%g: got %q, want %q", share, got, want)
		}
	}
}
