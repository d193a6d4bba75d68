package decode

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

func pairs(in ...string) datasource.Pairs {
	var out []datasource.Pair
	for i := 0; i < len(in); i += 2 {
		out = append(out, datasource.Pair{Name: in[i], Values: strings.Split(in[i+1], "|")})
	}
	return datasource.PairsOf(out)
}

func fields(in ...string) []datasource.RawField {
	var out []datasource.RawField
	for i := 0; i < len(in); i += 2 {
		out = append(out, datasource.RawField{Name: in[i], Value: []byte(in[i+1])})
	}
	return out
}

func items(in ...string) (out [][]byte) {
	for _, s := range in {
		out = append(out, []byte(s))
	}
	return out
}

func scored(in ...any) (out []datasource.RawMember) {
	for i := 0; i < len(in); i += 2 {
		out = append(out, datasource.RawMember{Score: in[i].(float64), Member: []byte(in[i+1].(string))})
	}
	return out
}

type (
	shape = datasource.Shape
	raw   = datasource.Raw
	set_  = datasource.SeriesFields
)

const (
	kString = datasource.KindString
	kHash   = datasource.KindHash
	kZSet   = datasource.KindZSet
	kList   = datasource.KindList
	kStream = datasource.KindStream
)

var bars = set_{Time: "time", Open: "open", High: "high", Low: "low", Close: "close"}

func TestShape(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  datasource.Kind
		shape shape
		raw   raw
		want  string // "!" for an error that contains the rest
	}{
		{"pick", kString, shape{Pick: "a.b.0"}, raw{Bytes: []byte(`{"a":{"b":[{"x":1}]}}`)}, `{"x":1}`},
		{"pick from the end", kString, shape{Pick: "a.-1"}, raw{Bytes: []byte(`{"a":[1,2]}`)}, `2`},
		{"pick a name with dots", kString, shape{Pick: "'BRK.B'.bid"}, raw{Bytes: []byte(`{"BRK.B":{"bid":1}}`)}, `1`},
		{"pick through JSON text (case 11)", kString, shape{Pick: "data"}, raw{Bytes: []byte(`{"data":"[{\"close\":1}]","count":1}`)}, `[{"close":1}]`},
		{"pick nothing", kString, shape{Pick: "a.c"}, raw{Bytes: []byte(`{"a":{"b":1}}`)}, `!pick a.c: no "c"`},
		{"pick a field of a hash", kHash, shape{Pick: "EURUSD"}, raw{Fields: fields("EURUSD", `{"bid":1}`, "GBPUSD", `{"bid":2}`)}, `{"bid":1}`},
		{"fields", kString, shape{Fields: pairs("last", "Price|p", "bid", "b")}, raw{Bytes: []byte(`{"Price":5,"b":4,"x":1}`)}, `{"last":5,"bid":4,"x":1}`},
		{"fields without case", kString, shape{Fields: pairs("last", "last_price")}, raw{Bytes: []byte(`{"LastPrice":5}`)}, `{"last":5}`},
		{"fields nested", kString, shape{Fields: pairs("bid", "q.b")}, raw{Bytes: []byte(`{"q":{"b":4}}`)}, `{"q":{"b":4},"bid":4}`},
		{"fields over one of that name", kString, shape{Fields: pairs("last", "Price")}, raw{Bytes: []byte(`{"last":0,"Price":5}`)}, `{"last":5}`},
		{"fields of rows", kString, shape{Fields: pairs("bid", "b")}, raw{Bytes: []byte(`[{"b":1},{"b":2}]`)}, `[{"bid":1},{"bid":2}]`},
		{"fields of a hash of JSON", kHash, shape{Fields: pairs("bid", "b")}, raw{Fields: fields("X", `{"b":1}`, "Y", `{"b":2}`)}, `{"X":{"bid":1},"Y":{"bid":2}}`},
		{"where on rows", kString, shape{Where: pairs("event", "positions")}, raw{Bytes: []byte(`[{"event":"x"},{"event":"positions","n":1}]`)}, `[{"event":"positions","n":1}]`},
		{"where on a hash of JSON", kHash, shape{Where: pairs("side", "buy|long")}, raw{Fields: fields("1", `{"side":"long"}`, "2", `{"side":"short"}`)}, `{"1":{"side":"long"}}`},
		{"where with a number", kList, shape{Where: pairs("type", "1")}, raw{Items: items(`{"type":1.0,"n":1}`, `{"type":2}`)}, `[{"type":1.0,"n":1}]`},
		{"where by the standard name", kList, shape{Where: pairs("symbol", "X"), Fields: pairs("symbol", "s")}, raw{Items: items(`{"s":"X"}`, `{"s":"Y"}`)}, `[{"symbol":"X"}]`},
		{"values", kString, shape{Values: pairs("type.0", "BUY", "type.1", "SELL")}, raw{Bytes: []byte(`[{"type":0},{"type":1},{"type":2}]`)}, `[{"type":"BUY"},{"type":"SELL"},{"type":2}]`},
		{"values of text numbers", kHash, shape{Values: pairs("type.0", "BUY")}, raw{Fields: fields("type", "0")}, `{"type":"BUY"}`},
		{"columns of arrays", kString, shape{Columns: "time,close"}, raw{Bytes: []byte(`[[1763860000,2],[1763860001,3]]`)}, `[{"time":1763860000,"close":2},{"time":1763860001,"close":3}]`},
		{"columns of one array", kString, shape{Columns: "open,-,close"}, raw{Bytes: []byte(`["1","2","3"]`)}, `{"open":1,"close":3}`},
		{"sep and columns", kString, shape{Sep: "|", Columns: "symbol,bid,ask"}, raw{Bytes: []byte(`EURUSD|1.1| 1.2`)}, `{"symbol":"EURUSD","bid":1.1,"ask":1.2}`},
		{"sep in a list", kList, shape{Sep: ";", Columns: "a,b"}, raw{Items: items("1;x", "2;y")}, `[{"a":1,"b":"x"},{"a":2,"b":"y"}]`},
		{"latest of a list", kList, shape{Latest: true}, raw{Items: items(`{"a":1}`, `{"a":2}`)}, `{"a":1}`},
		{"latest of a list whose last is newest", kList, shape{Latest: true}, raw{Items: items(`{"a":1}`, `{"a":2}`), Newest: datasource.EndLast}, `{"a":2}`},
		{"latest of a list by times (case 1)", kList, shape{Latest: true}, raw{Items: items(`{"a":1,"ts":1763860000}`, `{"a":2,"ts":1763860001}`)}, `{"a":2,"ts":1763860001}`},
		{"latest of a stream", kStream, shape{Latest: true}, raw{Entries: []datasource.RawEntry{{ID: "1763860000000-0", Fields: fields("bid", "2")}, {ID: "1763850000000-0", Fields: fields("bid", "1")}}}, `{"bid":2,"time":1763860000000}`},
		{"latest of a sorted set", kZSet, shape{Latest: true}, raw{Members: scored(1763860000.0, `{"p":1}`, 1763860001.0, `{"p":2}`)}, `{"p":2,"time":1763860001000}`},
		{"latest where", kStream, shape{Latest: true, Where: pairs("s", "X")}, raw{Entries: []datasource.RawEntry{{ID: "2-0", Fields: fields("s", "Y")}, {ID: "1-0", Fields: fields("s", "X", "p", "1")}}}, `{"s":"X","p":1}`},
		{"latest of nothing", kList, shape{Latest: true}, raw{}, `!missing: no row`},
		{"newest first", kList, shape{Newest: datasource.EndFirst, Columns: "x"}, raw{Items: items(`[1]`, `[2]`)}, `[{"x":1},{"x":2}]`},
		{"newest last", kList, shape{Newest: datasource.EndLast, Columns: "x"}, raw{Items: items(`[1]`, `[2]`)}, `[{"x":2},{"x":1}]`},

		{"series of a list", kList, shape{Series: set_{Time: "ts", Value: "equity"}}, raw{Items: items(`{"ts":"2026-11-23T09:00:01Z","equity":2}`, `{"ts":"2026-11-23T09:00:00Z","equity":"1"}`)}, `[[1795424400000,1],[1795424401000,2]]`},
		{"series of objects in a string", kString, shape{Pick: "points", Series: set_{Time: "ts", Value: "pnl"}}, raw{Bytes: []byte(`{"points":[{"ts":1795424400,"pnl":1}]}`)}, `[[1795424400000,1]]`},
		{"series of arrays", kString, shape{Series: set_{Time: "0", Value: "1"}}, raw{Bytes: []byte(`[[1795424400000,"1.5"]]`)}, `[[1795424400000,1.5]]`},
		{"series of an object of arrays", kString, shape{Series: set_{Time: "t", Value: "c"}}, raw{Bytes: []byte(`{"t":[1795424400,1795424460],"c":[1,2],"s":"ok"}`)}, `[[1795424400000,1],[1795424460000,2]]`},
		{"series of a hash time to value", kHash, shape{Series: set_{Time: "@field"}}, raw{Fields: fields("1795424460", "2", "1795424400", "1")}, `[[1795424400000,1],[1795424460000,2]]`},
		{"series of a hash with a format", kHash, shape{Series: set_{Time: "@field", Value: "close"}, TimeFormat: "%Y%m%d%H%M", Zone: "UTC"}, raw{Fields: fields("202611230900", `{"close":1}`)}, `[[1795424400000,1]]`},
		{"series of a hash with digits", kHash, shape{Series: set_{Time: "@field", Value: "close"}, Zone: "Europe/London"}, raw{Fields: fields("202611230900", `{"close":1}`)}, `[[1795424400000,1]]`},
		{"series of a stream by its id", kStream, shape{Series: set_{Time: "@id", Value: "p"}}, raw{Entries: []datasource.RawEntry{{ID: "1795424400000-0", Fields: fields("p", "1")}}}, `[[1795424400000,1]]`},
		{"series of a sorted set", kZSet, shape{Series: set_{Value: "p"}}, raw{Members: scored(1795424400.0, `{"p":1}`)}, `[[1795424400000,1]]`},
		{"series of a sorted set by its member", kZSet, shape{Series: set_{Time: "@member", Value: "@score"}}, raw{Members: scored(5.5, "2026-11-23T09:00:00Z")}, `[[1795424400000,5.5]]`},
		{"series by another zone", kList, shape{Series: set_{Time: "t", Value: "v"}, Zone: "America/New_York"}, raw{Items: items(`{"t":"2026-11-23T04:00:00","v":1}`)}, `[[1795424400000,1]]`},
		{"series of bids and asks", kList, shape{Series: set_{Time: "t"}}, raw{Items: items(`{"t":1795424400,"bid":1,"ask":3,"volume":9}`)}, `[[1795424400000,2]]`},
		{"series without a time", kList, shape{Series: set_{Time: "x", Value: "v"}}, raw{Items: items(`{"v":1}`)}, `!no point has a time`},
		{"series without a number", kList, shape{Series: set_{Time: "t", Value: "x"}}, raw{Items: items(`{"t":1795424400}`)}, `!no row holds a number`},
		{"series of prices (case 12)", kZSet, shape{Series: set_{Time: "@score", Value: "@member"}}, raw{Members: scored(97225.1, "97225.1")}, `!the scores are not times`},

		{"bars", kString, shape{Pick: "data", Series: bars}, raw{Bytes: []byte(`{"data":"[{\"time\":1795424460000,\"open\":1,\"high\":3,\"low\":0.5,\"close\":2,\"tick_volume\":7},{\"time\":1795424400000,\"open\":1,\"high\":1,\"low\":1,\"close\":1}]"}`)},
			`[{"time":1795424400000,"open":1,"high":1,"low":1,"close":1},{"time":1795424460000,"open":1,"high":3,"low":0.5,"close":2,"volume":7}]`},
		{"bars of short names", kList, shape{Series: set_{Time: "t", Open: "o", High: "h", Low: "l", Close: "c", Volume: "v"}}, raw{Items: items(`{"t":1795424400,"o":"1","h":"2","l":"0.5","c":"1.5","v":"9"}`)}, `[{"time":1795424400000,"open":1,"high":2,"low":0.5,"close":1.5,"volume":9}]`},
		{"bars of one time, the last written is last", kStream, shape{Series: bars}, raw{Entries: []datasource.RawEntry{
			{ID: "1795424402000-0", Fields: fields("time", "1795424400", "open", "1", "close", "3")}, {ID: "1795424401000-0", Fields: fields("time", "1795424400", "open", "1", "close", "2")}}},
			`[{"time":1795424400000,"open":1,"close":2},{"time":1795424400000,"open":1,"close":3}]`},
		{"points of one time, the last written is last", kList, shape{Series: set_{Time: "t", Value: "v"}, Newest: datasource.EndFirst}, raw{Items: items(`{"t":1795424400,"v":3}`, `{"t":1795424400,"v":2}`)}, `[[1795424400000,2],[1795424400000,3]]`},
		{"bars of arrays", kHash, shape{Columns: "open,close,high,low,volume", Series: set_{Time: "@field", Open: "open", Close: "close"}}, raw{Fields: fields("1795424400", `["1","2","3","0.5","9"]`)}, `[{"time":1795424400000,"open":1,"high":3,"low":0.5,"close":2,"volume":9}]`},

		{"bars of several arrays", kHash, shape{Columns: "open,close,high,low", Series: set_{Time: "@field", Open: "open", Close: "close"}}, raw{Fields: fields("1795424400", `["1","2","3","0.5"]`, "1795424460", `["2","3","3","2"]`)},
			`[{"time":1795424400000,"open":1,"high":3,"low":0.5,"close":2},{"time":1795424460000,"open":2,"high":3,"low":2,"close":3}]`},
		{"pick the one field of an entry", kStream, shape{Pick: "data", Latest: true}, raw{Entries: []datasource.RawEntry{{ID: "5-0", Fields: fields("data", `{"bid":2}`)}}}, `{"bid":2}`},
		{"pick inside the one field of an entry", kStream, shape{Pick: "book", Latest: true}, raw{Entries: []datasource.RawEntry{{ID: "5-0", Fields: fields("data", `{"book":{"bid":2}}`)}}}, `{"bid":2}`},

		{"decode forced", kString, shape{Decode: "base64"}, raw{Bytes: []byte("eyJhIjoxfQ==")}, `{"a":1}`},
		{"decode text", kString, shape{Decode: "text"}, raw{Bytes: []byte(`{"a":1}`)}, `"{\"a\":1}"`},
		{"decode forced in a hash", kHash, shape{Decode: "base64"}, raw{Fields: fields("x", "eyJhIjoxfQ")}, `{"x":{"a":1}}`},
		{"decode that is not so", kString, shape{Decode: "gzip"}, raw{Bytes: []byte(`{"a":1}`)}, `!gzip that is damaged`},
		{"decode unknown", kString, shape{Decode: "rot13"}, raw{Bytes: []byte(`1`)}, `!unknown decoder "rot13"`},
		{"secret under another name", kString, shape{Fields: pairs("x", "password")}, raw{Bytes: []byte(`{"api_key":"S"}`)}, `{"api_key":"***"}`},
		{"rows of a sorted set by time", kZSet, shape{Fields: pairs("last", "p")}, raw{Members: scored(1795424400.0, `{"p":1}`, 1795424401.0, `{"p":2}`)}, `[{"at":1795424401000,"value":{"last":2}},{"at":1795424400000,"value":{"last":1}}]`},
		{"sorted set by price (case 12)", kZSet, shape{}, raw{Members: scored(97225.1, "97225.1", 97226.0, `{"size":2}`)}, `[{"score":97225.1,"member":97225.1},{"score":97226,"size":2}]`},
		{"sorted set by profit", kZSet, shape{}, raw{Members: scored(-5.5, "2026-11-23")}, `[{"score":-5.5,"member":"2026-11-23"}]`},
		{"units that mix (case 16)", kZSet, shape{}, raw{Members: scored(1795424400.0, "1", 1795424401000.0, "2")}, `[[1795424400000,1],[1795424401000,2]]`},
		{"timeseries", datasource.KindTimeSeries, shape{}, raw{Members: scored(1795424400000.0, "1.5")}, `[[1795424400000,1.5]]`},
		{"set", datasource.KindSet, shape{}, raw{Items: items("b", "10", "9", "a")}, `[9,10,"a","b"]`},
		{"json", datasource.KindJSON, shape{Pick: "q"}, raw{Bytes: []byte(`{"q":{"bid":1}}`)}, `{"bid":1}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.raw
			r.Ref = &datasource.Ref{Kind: c.kind, Shape: c.shape}
			v, _, err := Value(&r)
			if want, bad := strings.CutPrefix(c.want, "!"); bad {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("got %s %v, want an error with %q", JSON(v), err, want)
				}
				return
			}
			if got := string(JSON(v)); err != nil || got != c.want {
				t.Errorf("got  %s %v\nwant %s", got, err, c.want)
			}
		})
	}
}

func TestShape_StampByTime(t *testing.T) {
	for _, c := range []struct {
		shape shape
		in    string
		want  string
	}{
		{shape{Time: "q.stamp"}, `{"q":{"stamp":1795424400},"ts":1}`, "2026-11-23T09:00:00Z"},
		{shape{Time: "stamp", TimeFormat: "%d/%m/%Y %H:%M", Zone: "Europe/London"}, `{"stamp":"23/07/2026 10:00"}`, "2026-07-23T09:00:00Z"},
		{shape{Zone: "America/New_York"}, `{"ts":"2026-11-23T04:00:00"}`, "2026-11-23T09:00:00Z"},
		{shape{Time: "stamp"}, `{"stamp":"nonsense","ts":1795424400}`, "2026-11-23T09:00:00Z"},
	} {
		r := raw{Ref: &datasource.Ref{Kind: kString, Shape: c.shape}, Bytes: []byte(c.in)}
		_, stamp, err := Value(&r)
		var z ZoneFinder
		loc, _ := time.LoadLocation(c.shape.Zone)
		z.Assume(loc)
		stamp, known := z.Resolve(stamp)
		if got := stamp.UTC().Format(time.RFC3339); err != nil || got != c.want || !known {
			t.Errorf("%s: %s %v, want %s", c.in, stamp, err, c.want)
		}
	}
	r := raw{Ref: &datasource.Ref{Kind: kString}, Bytes: []byte(`{"ts":"2026-11-23T04:00:00"}`)}
	if _, stamp, _ := Value(&r); !datasource.IsNaive(stamp) {
		t.Error("a time without a zone has one")
	}
}

func TestShape_Pushes(t *testing.T) {
	at := time.UnixMilli(1795424405000)
	for _, c := range []struct {
		name         string
		kind         datasource.Kind
		shape        shape
		prev         raw
		payload      string
		want, effect string
	}{
		{"fields hold for pushes too", kString, shape{Fields: pairs("last", "Price|p")}, raw{Bytes: []byte(`{"Price":1,"bid":2}`)}, `{"p":5}`, `{"last":5,"bid":2}`, "merges"},
		{"short names merge into what is known", kString, shape{}, raw{Bytes: []byte(`{"bid":1,"ask":2}`)}, `{"b":1.5,"a":2.5}`, `{"bid":1.5,"ask":2.5}`, "merges"},
		{"capitals are sizes", kHash, shape{}, raw{Fields: fields("b", "1")}, `{"b":2,"B":9}`, `{"b":2,"B":9}`, "merges"},
		{"where", kString, shape{Where: pairs("e", "t")}, raw{Bytes: []byte(`{"e":"t","p":1}`)}, `{"e":"x","p":5}`, `{"e":"t","p":1}`, "merges"},
		{"the same document is picked from", kString, shape{Pick: "d"}, raw{Bytes: []byte(`{"d":{"p":1}}`)}, `{"d":{"p":2}}`, `{"p":2}`, "merges"},
		{"latest merges", kStream, shape{Latest: true}, raw{Entries: []datasource.RawEntry{{ID: "5-0", Fields: fields("bid", "1")}}}, `{"bid":2}`, `{"bid":2}`, "merges"},
		{"series out of a list", kList, shape{Series: set_{Time: "t", Value: "v"}}, raw{Items: items(`{"t":1795424400,"v":1}`)}, `{"t":1795424401,"v":2}`, `[[1795424400000,1],[1795424401000,2]]`, "points"},
		{"a point without a time", kList, shape{Series: set_{Time: "t", Value: "v"}}, raw{Items: items(`{"t":1795424400,"v":1}`)}, `{"v":2}`, `[[1795424400000,1],[1795424405000,2]]`, "points"},
		{"a running bar", kList, shape{Series: bars}, raw{Items: items(`{"time":1795424400,"open":1,"close":1}`)}, `{"time":1795424400,"open":1,"close":2}`, `[{"time":1795424400000,"open":1,"close":2}]`, "merges"},
		{"a new bar", kList, shape{Series: bars}, raw{Items: items(`{"time":1795424400,"open":1,"close":1}`)}, `{"time":1795424460,"open":1,"close":2}`, `[{"time":1795424400000,"open":1,"close":1},{"time":1795424460000,"open":1,"close":2}]`, "merges"},
		{"messages", kList, shape{Fields: pairs("text", "m")}, raw{Items: items(`{"m":"a"}`)}, `{"m":"b"}`, `[{"at":1795424405000,"value":{"text":"b"}},{"text":"a"}]`, "message"},
		{"messages where", kList, shape{Where: pairs("m", "a")}, raw{Items: items(`{"m":"a"}`)}, `{"m":"b"}`, `[{"m":"a"}]`, "message"},
		{"msgpack", kString, shape{}, raw{Bytes: []byte(`{"a":1}`)}, "\x81\xa1a\x02", `{"a":2}`, "merges"},
		{"python", kString, shape{}, raw{Bytes: []byte(`{"a":1}`)}, "{'a': 2}", `{"a":2}`, "merges"},
		{"set", datasource.KindSet, shape{}, raw{Items: items("a")}, "b", `["a"]`, "rereads"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.prev
			r.Ref = &datasource.Ref{Kind: c.kind, Shape: c.shape}
			prev, _, err := Value(&r)
			if err != nil {
				t.Fatal(err)
			}
			v, _, err := Merge(r.Ref, &prev, []byte(c.payload), at)
			if got := string(JSON(v)); err != nil || got != c.want {
				t.Errorf("got  %s %v\nwant %s", got, err, c.want)
			}
			effect := map[datasource.PushEffect]string{datasource.PushMerges: "merges", datasource.PushPoints: "points", datasource.PushMessage: "message", datasource.PushRereads: "rereads"}[Effect(r.Ref)]
			if effect != c.effect {
				t.Errorf("a push %s, want %s", effect, c.effect)
			}
		})
	}
}

// TestKinds_EachIsDecoded holds the table of kinds complete.
func TestKinds_EachIsDecoded(t *testing.T) {
	for _, k := range datasource.Kinds() {
		for _, s := range []shape{{}, {Latest: true}, {Series: set_{Time: "t", Value: "v"}}, {Fields: pairs("a", "b")}} {
			r := raw{Ref: &datasource.Ref{Kind: k, Shape: s}, Bytes: []byte(`{"t":1795424400,"v":1}`), Fields: fields("t", "1795424400", "v", "1"),
				Members: scored(1795424400.0, `{"t":1795424400,"v":1}`), Items: items(`{"t":1795424400,"v":1}`), Entries: []datasource.RawEntry{{ID: "1795424400000-0", Fields: fields("t", "1795424400", "v", "1")}}}
			v, _, err := Value(&r)
			if err != nil || v.Type == datasource.TypeNone {
				t.Errorf("%s with %+v: %v", k, s, err)
			}
			if _, _, err := Merge(r.Ref, &v, []byte(`{"t":1795424401,"v":2}`), time.UnixMilli(1795424401000)); err != nil {
				t.Errorf("a push on %s with %+v: %v", k, s, err)
			}
		}
	}
}

func TestMixedUnits_Case16(t *testing.T) {
	for _, c := range []struct {
		members []datasource.RawMember
		want    bool
	}{
		{scored(1795424400.0, "1", 1795424401000.0, "2"), true},
		{scored(1795424400.0, "1", 1795424401.5, "2"), false},
		{scored(5.0, "1", 1795424401.5, "2"), false},
		{nil, false},
	} {
		if got := MixedUnits(&raw{Members: c.members}); got != c.want {
			t.Errorf("%v: %v", c.members, got)
		}
	}
}

func FuzzShape(f *testing.F) {
	f.Add("a.b", "t", "v", "x,y", "|", `{"a":{"b":[{"t":1795424400,"v":1}]}}`)
	f.Add("", "@field", "", "", "", `{"1795424400":1}`)
	f.Add("", "0", "1", "", ",", `[[1,2]]`)
	f.Fuzz(func(t *testing.T, pick, at, value, columns, sep, in string) {
		for _, s := range []shape{
			{Pick: pick, Columns: columns, Sep: sep}, {Pick: pick, Series: set_{Time: at, Value: value}}, {Columns: columns, Series: set_{Time: at, Open: value, Close: pick}},
			{Latest: true, Time: at, Fields: pairs(value, pick)}, {TimeFormat: pick, Time: at}, {Where: pairs(at, value), Values: pairs(at+"."+value, "x")},
		} {
			for _, k := range datasource.Kinds() {
				r := raw{Ref: &datasource.Ref{Kind: k, Shape: s}, Bytes: []byte(in), Fields: fields(at, in, value, "1"), Members: scored(1795424400.0, in),
					Items: items(in, in), Entries: []datasource.RawEntry{{ID: at, Fields: fields(value, in)}}}
				v, _, err := Value(&r)
				if err == nil {
					checkSafe(t, &v)
				}
				if out, _, err := Merge(r.Ref, &v, []byte(in), time.UnixMilli(1795424401000)); err == nil {
					checkSafe(t, &out)
				}
			}
		}
	})
}
