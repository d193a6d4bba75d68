package snapshot

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

var update = flag.Bool("update", false, "write the golden files")

var now = time.Date(2026, 11, 23, 9, 0, 0, 123e6, time.UTC)

func TestMain(m *testing.M) {
	time.Local = time.UTC // the text format shows times of day
	os.Exit(m.Run())
}

func num(s string) datasource.Value {
	n, _ := datasource.ParseNumber(s)
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

func text(s string) datasource.Value {
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, 0)}
}

func object(pairs ...any) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i < len(pairs); i += 2 {
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(pairs[i].(string), 0), Value: pairs[i+1].(datasource.Value)})
	}
	return v
}

// sample is a snapshot with every state and every shape.
func sample() *datasource.Snapshot {
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	fault := func(id datasource.SourceID, c datasource.Class, text string) *datasource.Fault {
		return &datasource.Fault{Class: c, Source: id, Text: datasource.Clean(text, 0)}
	}
	ref := func(name string, k datasource.Kind, key string) datasource.Ref {
		return datasource.Ref{Name: name, Kind: k, Key: key, Shape: datasource.Shape{Market: datasource.Group(name) == "quote"}}
	}
	entries := []*datasource.Entry{
		{Ref: new(ref("account", datasource.KindHash, "account:ACC-1001")), State: datasource.StateLive, Origin: datasource.SourceRedis, At: now, Expires: now.Add(41870 * time.Millisecond),
			Value: object("equity", num("48911.20"), "open_orders", num("3"), "name", text("Ana"))},
		{Ref: new(ref("quote.EURUSD", datasource.KindString, "quote:EURUSD")), State: datasource.StateFallback, Origin: datasource.SourceAPI, At: ago(12 * time.Millisecond), Expires: now.Add(59988 * time.Millisecond),
			Why: datasource.Clean("key expired", 0), Value: object("bid", num("1.0834"), "ask", num("1.0835"))},
		{Ref: new(ref("quote.GBPUSD", datasource.KindString, "quote:GBPUSD")), State: datasource.StateStale, Origin: datasource.SourcePubSub, At: ago(34 * time.Second),
			Fault: fault(datasource.SourceRedis, datasource.ClassRefused, "refused"), Value: object("bid", num("1.27"), "ask", num("1.28"))},
		{Ref: new(ref("equity", datasource.KindZSet, "equity:ACC-1001")), State: datasource.StateLive, Origin: datasource.SourceRedis, At: now,
			Value: datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{{MS: 1763860000000, V: 48210.5}, {MS: 1763860060000, V: 48211}}}},
		{Ref: new(ref("positions", datasource.KindString, "positions:ACC-1001")), State: datasource.StateError,
			Fault: fault(datasource.SourceRedis, datasource.ClassWrongType, "WRONGTYPE"), APIFault: fault(datasource.SourceAPI, datasource.ClassServer, "503")},
		{Ref: new(ref("orders", datasource.KindHash, "orders:ACC-1001")), State: datasource.StateMissing},
		{Ref: new(ref("notes", datasource.KindChannel, "notifications:ACC-1001")), State: datasource.StateLive, Origin: datasource.SourcePubSub, At: now,
			Value: datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{{At: now, Value: object("level", text("INFO"), "text", text("hello"))}}}},
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Ref.Name
	}
	s := datasource.NewSnapshot(now, 1, names, nil, entries)
	s.Sources[datasource.SourceRedis] = datasource.Status{Light: datasource.LightUp, RTT: 300 * time.Microsecond}
	s.Sources[datasource.SourcePubSub] = datasource.Status{Light: datasource.LightUp, Channels: 3}
	return s
}

func TestGolden(t *testing.T) {
	for _, format := range Formats {
		for _, private := range []bool{false, true} {
			name := "testdata/" + format
			if private {
				name += "-private"
			}
			t.Run(name, func(t *testing.T) {
				var b bytes.Buffer
				if err := Write(&b, format, sample(), Options{Config: BuiltInName, Private: private, Now: now}); err != nil {
					t.Fatal(err)
				}
				if *update {
					if err := os.WriteFile(name+".golden", b.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, _ := os.ReadFile(name + ".golden")
				if !bytes.Equal(b.Bytes(), want) {
					t.Errorf("got\n%s\nwant\n%s", b.Bytes(), want)
				}
				if format == "json" && !json.Valid(b.Bytes()) {
					t.Error("not JSON")
				}
			})
		}
	}
}

// BuiltInName is what the contract calls the configuration without a file.
const BuiltInName = "built-in"

func TestStatus(t *testing.T) {
	of := func(light datasource.Light, states ...datasource.State) *datasource.Snapshot {
		entries := make([]*datasource.Entry, len(states))
		names := make([]string, len(states))
		for i, st := range states {
			entries[i] = &datasource.Entry{Ref: &datasource.Ref{}, State: st}
			if st == datasource.StateFallback || st == datasource.StateStale {
				entries[i].Value = num("1")
			}
			names[i] = string(rune('a' + i))
		}
		s := datasource.NewSnapshot(now, 1, names, nil, entries)
		s.Sources[datasource.SourceRedis].Light = light
		return s
	}
	up, down := datasource.LightUp, datasource.LightDown
	for _, c := range []struct {
		name string
		snap *datasource.Snapshot
		want int
	}{
		{"all live", of(up, datasource.StateLive, datasource.StateLive), AllLive},
		{"fallback", of(up, datasource.StateLive, datasource.StateFallback), Partly},
		{"stale", of(down, datasource.StateStale), Partly},
		{"missing, but Redis said so", of(up, datasource.StateMissing), Partly},
		{"fallback of everything", of(down, datasource.StateFallback), Partly},
		{"nothing", of(down, datasource.StateError, datasource.StateError), Nothing},
		{"nothing configured", of(up), AllLive},
	} {
		if got := Status(c.snap); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestHostile: no bad input reaches the output as a control character.
func TestHostile(t *testing.T) {
	for _, in := range hostile.Texts() {
		v := object(in.In, text(in.In))
		e := &datasource.Entry{Ref: &datasource.Ref{Name: in.In, Kind: datasource.KindString, Key: in.In}, State: datasource.StateStale, Value: v, At: now,
			Fault: &datasource.Fault{Text: datasource.Clean(in.In, 200)}}
		snap := datasource.NewSnapshot(now, 1, []string{in.In}, nil, []*datasource.Entry{e})
		for _, format := range Formats {
			var b bytes.Buffer
			if err := Write(&b, format, snap, Options{Config: in.In, Now: now}); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsFunc(b.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
				t.Errorf("%s: a control character in %q", format, b.String()[:min(b.Len(), 300)])
			}
			if format == "json" && !json.Valid(b.Bytes()) {
				t.Errorf("not JSON: %q", b.String()[:min(b.Len(), 300)])
			}
			if format == "csv" {
				if _, err := csv.NewReader(&b).ReadAll(); err != nil {
					t.Errorf("not CSV: %v", err)
				}
			}
		}
	}
}
