package app

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/klauspost/compress/zstd"

	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource"
	"ticktop/datasource/record"
	"ticktop/ui"
	"ticktop/widgets/theme"
)

// figure is the private figure that must not leave; parts of it would do.
const figure = "777123.45"

// doors is a platform with seven private figures of seven shapes, under names
// that nobody has thought of, and one price.
type doors struct {
	names []string // of the private data, then of fields
	snap  *datasource.Snapshot
	yaml  string
}

func newDoors(r *rand.Rand) *doors {
	name := func() string {
		b := make([]byte, 6)
		for i := range b {
			b[i] = byte('a' + r.IntN(26))
		}
		return "z" + string(b)
	}
	text := func(s string) datasource.Value {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, 0)}
	}
	n, _ := datasource.ParseNumber(figure)
	number := datasource.Value{Type: datasource.TypeNumber, Num: n}
	object := func(v datasource.Value) datasource.Value {
		return datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
			{Name: datasource.Clean(name(), 0), Value: v}, {Name: datasource.Clean(figure, 0), Value: text("x")}}}
	}
	array := func(v ...datasource.Value) datasource.Value {
		return datasource.Value{Type: datasource.TypeArray, Items: v}
	}
	now := time.Now().Truncate(time.Second) // no millisecond can look like the figure
	messages := datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{
		{At: now, Value: object(array(text("deposit "+figure), object(number)))}, {At: now, Value: text(`{"sum":` + figure + `}`)}}}
	series := datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{
		{MS: now.Add(-time.Minute).UnixMilli(), V: 777123.45}, {MS: now.UnixMilli(), V: 777123.45}}}
	bar := func() datasource.Value {
		fields := []datasource.Field{{Name: datasource.Clean("time", 0), Value: text(now.Format(time.RFC3339))}}
		for _, f := range []string{"open", "high", "low", "close", "volume"} {
			fields = append(fields, datasource.Field{Name: datasource.Clean(f, 0), Value: number})
		}
		return datasource.Value{Type: datasource.TypeObject, Fields: fields}
	}
	shapes := []struct {
		widget string
		value  datasource.Value
	}{
		{"counter", number}, {"text", text("balance " + figure + " USD")}, {"account", object(number)}, {"table", array(object(number), object(text(figure)))},
		{"chart", series}, {"feed", messages}, {"candles", array(bar(), bar())}, {"counter", number},
	}
	d := &doors{}
	var data, rows strings.Builder
	var names []string
	var entries []*datasource.Entry
	add := func(datum, item string, v datasource.Value, market bool) {
		names = append(names, datum+item)
		e := &datasource.Entry{Ref: &datasource.Ref{Name: datum + item, Kind: datasource.KindString, Key: datum, Shape: datasource.Shape{Market: market}},
			State: datasource.StateLive, Origin: datasource.SourceRedis, At: now, Changed: now, Value: v, Rev: uint64(len(names))}
		if !market {
			e.Raw, e.Fault = []byte(figure), &datasource.Fault{Class: datasource.ClassDecode, Text: datasource.Clean("bad json at "+figure, 0)}
		}
		entries = append(entries, e)
	}
	for i, s := range shapes {
		datum, item, loop := name(), "", ""
		if i == len(shapes)-1 { // an item of a repeated datum
			item, loop = ".one", ", for: {x: xs}"
		}
		key := datum
		if item != "" {
			key += ":{x}"
		}
		fmt.Fprintf(&data, "  %s: {string: %q%s}\n", datum, key, loop)
		fmt.Fprintf(&rows, "  - {name: P%d, rows: [{widgets: [{type: %s, data: %s}, {type: text, data: %s}]}]}\n", i, s.widget, datum, datum)
		add(datum, item, s.value, false)
		d.names = append(d.names, datum+item)
	}
	data.WriteString("  price: {string: p, market: true}\n")
	rows.WriteString("  - {name: Market, rows: [{widgets: [{type: text, data: price}]}]}\n")
	bid, _ := datasource.ParseNumber("1.0834")
	add("price", "", datasource.Value{Type: datasource.TypeNumber, Num: bid}, true)
	d.yaml = "vars: {xs: [one]}\ndata:\n" + data.String() + "pages:\n" + rows.String()
	d.snap = datasource.NewSnapshot(now, 1, names, nil, entries)
	d.snap.Alerts = []datasource.Alert{
		{When: datasource.Clean(d.names[0]+" > 777123.45", 0), Name: datasource.Clean(d.names[0], 0), Text: datasource.Clean(d.names[0]+" "+figure, 0), Level: datasource.LevelCritical, Since: now},
		{Rule: 1, When: datasource.Clean("price > 1 and "+d.names[0]+" > 777123.45", 0), Name: datasource.Clean("price", 0), Text: datasource.Clean("price 1.0834", 0), Level: datasource.LevelWarning, Since: now},
	}
	d.snap.Events = []datasource.Event{{At: now, Subject: datasource.Clean(d.names[1], 0), Text: datasource.Clean("bad json at "+figure, 0)}}
	return d
}

// Watch implements opener.
func (d *doors) Watch([]datasource.Ref) datasource.Feed { return &doorFeed{d.snap} }

type doorFeed struct{ snap *datasource.Snapshot }

func (f *doorFeed) Snapshot() *datasource.Snapshot { return f.snap }
func (f *doorFeed) Changed() <-chan struct{}       { return nil }
func (f *doorFeed) Refresh(...string)              {}
func (f *doorFeed) Close()                         {}
func (f *doorFeed) History(name string) []datasource.Past {
	e := f.snap.Get(name)
	return []datasource.Past{{At: e.At, Value: e.Value}, {At: e.At, Value: e.Value}}
}

// clock is a time of day with its fraction, whose digits may be any.
var clock = regexp.MustCompile(`\d\d:\d\d:\d\d\.\d+`)

// leak returns the first part of the figure that is in the output.
func leak(s string) string {
	s = clock.ReplaceAllString(s, "")
	for _, part := range []string{"777123", "777,123", "777.1", "777k", "777K", "7.77e", "123.45", "777 "} {
		if i := strings.Index(s, part); i >= 0 {
			return s[max(0, i-40):min(len(s), i+40)]
		}
	}
	return ""
}

// TestPrivacy_NothingLeaves: private figures of every shape by every door, as a
// user under a policy, and as somebody who hides by himself.
func TestPrivacy_NothingLeaves(t *testing.T) {
	for seed := range uint64(5) {
		d := newDoors(rand.New(rand.NewPCG(seed, 7)))
		c := parse(t, d.yaml)
		check := func(door, out string) {
			t.Helper()
			if at := leak(out); at != "" {
				t.Errorf("seed %d: %s: %q", seed, door, at)
			}
		}
		for _, policy := range []bool{true, false} {
			desk := &Desk{dashboards: newDashboards(c, d, quiet, nil), principal: Principal{Name: "ana", Bound: true, Private: policy}}
			throughScreen(t, fmt.Sprintf("policy %v", policy), desk, len(d.names)+1, !policy, check)
		}
		for _, format := range snapshot.Formats {
			var b bytes.Buffer
			if err := snapshot.Write(&b, format, d.snap, snapshot.Options{Config: "x", Private: true}); err != nil {
				t.Fatal(err)
			}
			check("snapshot "+format, b.String())
			if !strings.Contains(b.String(), "1.0834") {
				t.Errorf("the price is hidden in %s", format)
			}
		}
		check("recording", recorded(t, d.snap))
		desk := &Desk{dashboards: newDashboards(c, d, quiet, nil), principal: Principal{Private: true}}
		_, feed, err := desk.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		check("hook", fmt.Sprintf("%+v", alertChanges(map[alertID]datasource.Alert{}, feed.Snapshot(), datasource.LevelInfo)))
		check("history", fmt.Sprintf("%+v", feed.History(d.names[0])))
	}
}

// throughScreen walks over all pages with the inspector, copies and lists.
func throughScreen(t *testing.T, name string, desk *Desk, pages int, private bool, check func(door, out string)) {
	t.Helper()
	m := ui.New(ui.Options{Desk: desk, Profile: theme.ProfileTrue, Width: 150, Height: 47, Private: private, Notify: "osc9"})
	defer m.Close()
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	shown := ""
	look := func(door string) {
		v := m.View()
		shown += v.Content
		check(name+" "+door, v.Content)
		check(name+" title", v.WindowTitle+m.Title())
		p := m.Frame()
		check(name+" shared "+door, p.Render(desk.dashboards.source.Watch(nil).Snapshot(), time.Now()))
	}
	for i := range pages {
		for _, key := range []string{"", "i", "esc", "y", "Y", "j", "y", "z", "z", "!", "esc", "e", "esc", "D", "esc"} {
			if key != "" {
				_, cmd := m.Update(keyPress(key))
				check(name+" command of "+key, runBriefly(cmd))
			}
			look(fmt.Sprintf("page %d after %q", i, key))
		}
		m.Update(keyPress("tab"))
	}
	if !strings.Contains(shown, "1.0834") {
		t.Errorf("%s: the price is hidden", name)
	}
}

func keyPress(s string) tea.KeyPressMsg {
	switch s {
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	}
	return tea.KeyPressMsg{Code: rune(s[0]), Text: s}
}

// runBriefly runs a command that does not wait and prints its messages.
func runBriefly(cmd tea.Cmd) string {
	if cmd == nil {
		return ""
	}
	out := make(chan string, 1)
	go func() { out <- fmt.Sprintf("%+v", cmd()) }()
	select {
	case s := <-out:
		return s
	case <-time.After(20 * time.Millisecond):
		return ""
	}
}

func recorded(t *testing.T, s *datasource.Snapshot) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.ttr")
	if err := record.WriteFixture(path, record.Options{Private: true}, s); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	b, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(b, []byte("1.0834")) {
		t.Fatalf("%v: %.200s", err, b)
	}
	return string(b)
}
