package thing

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/positions"
	"ticktop/widgets/quotes"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

var at = time.Date(2026, 11, 27, 10, 31, 49, 0, time.UTC)

func object(pairs ...string) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i+1 < len(pairs); i += 2 {
		f := datasource.Field{Name: datasource.Clean(pairs[i], 64), Value: datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(pairs[i+1], 64)}}
		if n, ok := datasource.ParseNumber(pairs[i+1]); ok {
			f.Value = datasource.Value{Type: datasource.TypeNumber, Num: n}
		}
		v.Fields = append(v.Fields, f)
	}
	return v
}

func snapshot() *datasource.Snapshot {
	names := []string{"quote.EURUSD", "positions", "orders", "tape.EURUSD", "notifications"}
	values := []datasource.Value{
		object("bid", "1.08389", "ask", "1.08400", "last", "1.08395", "change_pct", "0.05"),
		{Type: datasource.TypeArray, Items: []datasource.Value{
			object("ticket", "9001", "symbol", "EURUSD", "side", "BUY", "volume", "0.50", "open_price", "1.08320", "sl", "1.08250", "pnl", "34.50"),
			object("ticket", "9002", "symbol", "GBPUSD", "side", "SELL", "volume", "0.20")}},
		{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean("7", 8), Value: object("symbol", "EURUSD", "type", "limit", "side", "BUY", "price", "1.08290")}}},
		{Type: datasource.TypeMessages, Messages: []datasource.Message{{At: at, Value: object("price", "1.08400", "size", "0.8")}, {At: at, Value: object("price", "1.08389", "size", "0.3")}}},
		{Type: datasource.TypeMessages, Messages: []datasource.Message{{At: at, Value: object("type", "fill", "text", "EURUSD SELL 0.30")}, {At: at, Value: object("text", "US500")}}},
	}
	entries := make([]*datasource.Entry, len(names))
	for i := range names {
		entries[i] = &datasource.Entry{Ref: &datasource.Ref{Name: names[i], Key: "key:" + names[i]}, State: datasource.StateLive, Value: values[i], Rev: 1, At: at, Changed: at}
	}
	return datasource.NewSnapshot(at, 1, names, nil, entries)
}

// TestPanels: every panel of a thing's page is exact at every size, and says
// what belongs to the symbol and nothing of another.
func TestPanels(t *testing.T) {
	position := Thing{Kind: Position, Symbol: datasource.Clean("EURUSD", 8), Datum: "positions", ID: datasource.Clean("9001", 8)}
	own, err := positions.New(positions.Spec{Data: "positions", Orders: "orders", Quote: "quote"})
	if err != nil {
		t.Fatal(err)
	}
	watch, err := quotes.New(quotes.Spec{Data: "quote"})
	if err != nil {
		t.Fatal(err)
	}
	pal := theme.Compile(theme.Default(), theme.ProfileTrue, theme.Braille)
	for name, c := range map[string]struct {
		w    widgets.Widget
		sees []string
		not  string
	}{
		"head":     {Head{Quotes: watch, Own: own}, []string{"EURUSD", "1.08395", "1.08389", "+0.05%", "+34.50", "BUY 0.50 @ 1.08320"}, "GBPUSD"},
		"trades":   {Trades{Own: own}, []string{"BUY 0.50 @ 1.08320", "+34.50", "stop 1.08250", "LIMIT BUY", "1.08290", "pip"}, "GBPUSD"},
		"alerts":   {Alerts{Quotes: watch}, []string{"1 armed", "above 1.0843", "3.5 pip away"}, "GBPUSD"},
		"messages": {Messages{}, []string{"FILL", "SELL 0.30", "· EURUSD"}, "US500"},
		"tape":     {Tape{}, []string{"1.08400", "0.8", "1.08389"}, "GBPUSD"},
		"data":     {Data{}, []string{"key:quote.EURUSD", "all live", "key:positions"}, "GBPUSD"},
		"details":  {Details{position}, []string{"EURUSD position 9001", "0.50", "+34.50"}, "GBPUSD"},
	} {
		for _, empty := range []bool{false, true} {
			f := widgets.Context{Data: snapshot(), Theme: pal, Now: at, Selected: datasource.Clean("EURUSD", 8),
				Levels: widgets.Levels([]widgets.Level{{Element: "EURUSD", Words: "above", Price: 1.0843}, {Element: "GBPUSD", Words: "above", Price: 1.3}})}
			if empty {
				f.Data = datasource.NewSnapshot(at, 0, nil, nil, nil)
			}
			for _, size := range [][2]int{{1, 1}, {2, 3}, {20, 4}, {80, 12}, {200, 40}} {
				f.W, f.H = size[0], size[1]
				if err := widgettest.Examine(c.w.Render(f), f.W, f.H); err != nil {
					t.Fatalf("%s at %v: %v", name, size, err)
				}
			}
			if empty {
				continue
			}
			f.W, f.H = 140, 12
			text := ansi.Strip(c.w.Render(f))
			for _, s := range c.sees {
				if !strings.Contains(text, s) {
					t.Errorf("%s does not show %q:\n%s", name, s, text)
				}
			}
			if strings.Contains(text, c.not) {
				t.Errorf("%s shows %q:\n%s", name, c.not, text)
			}
		}
	}
}

// TestPage_IsShared: equal things have equal panels, so that sessions share
// what is drawn.
func TestPage_IsShared(t *testing.T) {
	d := &scene.Dashboard{}
	th := Thing{Kind: Symbol, Symbol: datasource.Clean("EURUSD", 8)}
	a, b := scene.PageWidgets(Page(d, th)), scene.PageWidgets(Page(d, th))
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("panel %d differs", i)
		}
	}
	if th.Crumb().String() != "EURUSD" || !(Thing{}).Crumb().Empty() {
		t.Error("wrong crumbs")
	}
}

// TestPage_WithoutAPanelOfPositions: positions that a dashboard shows otherwise
// are on the page of their symbol.
func TestPage_WithoutAPanelOfPositions(t *testing.T) {
	d := &scene.Dashboard{Hints: map[string]datasource.Safe{"quote.EURUSD": {}, "positions": {}, "orders": {}}}
	page := Page(d, Thing{Kind: Symbol, Symbol: datasource.Clean("EURUSD", 8)})
	f := widgets.Context{W: 80, H: 12, Data: snapshot(), Theme: theme.Compile(nil, theme.ProfileMono, theme.Braille), Now: at, Selected: datasource.Clean("EURUSD", 8)}
	for _, w := range scene.PageWidgets(page) {
		if _, ok := w.(Trades); !ok {
			continue
		}
		if text := ansi.Strip(w.Render(f)); !strings.Contains(text, "BUY 0.50 @ 1.08320") || !strings.Contains(text, "LIMIT BUY") {
			t.Errorf("the position is not told:\n%s", text)
		}
		return
	}
	t.Error("no panel of positions")
}
