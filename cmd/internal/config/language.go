package config

import (
	"github.com/goccy/go-yaml/ast"

	"ticktop/datasource"
)

// datum is one entry of the data section: where a value is kept, and how it is
// read out of what is found there.
type datum struct {
	String     string `yaml:"string" doc:"key of a string: a number, text or JSON"`
	Hash       string `yaml:"hash" doc:"key of a hash"`
	ZSet       string `yaml:"zset" doc:"key of a sorted set; the score is the time"`
	List       string `yaml:"list" doc:"key of a list"`
	Stream     string `yaml:"stream" doc:"key of a stream"`
	Channel    string `yaml:"channel" doc:"channel; * makes it a pattern"`
	Set        string `yaml:"set" doc:"key of a set"`
	JSON       string `yaml:"json" doc:"key of a RedisJSON document"`
	TimeSeries string `yaml:"timeseries" doc:"key of a RedisTimeSeries series"`

	Join Ordered[string]   `yaml:"join" doc:"one object out of several strings: {bid: \"{symbol}:bid\", ask: \"{symbol}:ask\"}"`
	For  map[string]string `yaml:"for" doc:"repeat for each element: {symbol: symbols}"`
	Live live              `yaml:"live" doc:"channel that pushes updates of the value; long form: what of its messages belongs to the datum"`

	Member   string          `yaml:"member" doc:"zset: {value}, {ts}:{value} or json:FIELD"`
	Window   Duration        `yaml:"window" doc:"zset, timeseries: how far back"`
	Keep     int             `yaml:"keep" doc:"how many at most; default 200" minimum:"1" maximum:"5000"`
	Fallback fallbackSection `yaml:"fallback" doc:"where the API keeps the same datum"`

	Pick       string                   `yaml:"pick" doc:"path into the value: a.b.0; '…' around a name with dots"`
	Where      Ordered[[]string]        `yaml:"where" doc:"only rows, members or messages with these fields: {event: positions}"`
	Fields     Ordered[[]string]        `yaml:"fields" doc:"the producer's names for standard ones: {last: [Price, p], bid: b}"`
	Values     Ordered[Ordered[string]] `yaml:"values" doc:"texts for codes: {type: {0: BUY, 1: SELL}}"`
	Time       string                   `yaml:"time" doc:"the field that is the datum's own time"`
	TimeFormat string                   `yaml:"time_format" doc:"how times are written, where it is not obvious: %Y%m%d%H%M"`
	Latest     bool                     `yaml:"latest" doc:"list, stream, zset, timeseries: the newest entry alone, as one object"`
	Newest     string                   `yaml:"newest" doc:"list: the end that is newest; default: found out" enum:"first,last"`
	Series     series                   `yaml:"series" doc:"a series out of rows: {time: ts, value: equity}, or open, high, low, close, volume for bars"`
	Columns    []string                 `yaml:"columns" doc:"names for the elements of arrays, or of delimited text"`
	Sep        string                   `yaml:"sep" doc:"what separates the columns of delimited text"`
	Decode     []string                 `yaml:"decode" doc:"forced decoders, outermost first; default: found out" enum:"gzip,zlib,msgpack,pickle,base64,utf-16,text"`
	MaxAge     *Duration                `yaml:"max_age" doc:"older is stale, whatever the TTL says; 0: never; default 60s for data with live and what quotes and depth show"`
	Market     bool                     `yaml:"market" doc:"market data, not private: shown under private too"`
	Optional   bool                     `yaml:"optional" doc:"need not be there: when it is missing it is not counted among the problems"`
	Show       []string                 `yaml:"show" doc:"fields that look like secrets and aren't"`
}

// live is where pushes come from: a channel, or what of its messages counts.
type live struct {
	Channel string            `yaml:"channel,short" doc:"channel; * makes it a pattern"`
	Pick    string            `yaml:"pick" doc:"path into the message"`
	Where   Ordered[[]string] `yaml:"where" doc:"only messages with these fields"`
	Into    string            `yaml:"into" doc:"hash: the message goes into the field that this field of it names"`
}

// series names the fields of a row that make a point or a bar.
type series struct {
	Time   string   `yaml:"time" doc:"field with the time; also @key @field @score @id"`
	Value  string   `yaml:"value" doc:"field with the value; also @member"`
	Open   string   `yaml:"open" doc:"bars: field with the first price"`
	High   string   `yaml:"high" doc:"bars: field with the highest price"`
	Low    string   `yaml:"low" doc:"bars: field with the lowest price"`
	Close  string   `yaml:"close" doc:"bars: field with the last price"`
	Volume string   `yaml:"volume" doc:"bars: field with the volume"`
	Step   Duration `yaml:"step" doc:"hash of time to value: the distance of its fields, so that only the newest are read"`
}

// isDefined reports whether anything was written.
func (l live) isDefined() bool {
	return l.Channel != "" || l.Pick != "" || len(l.Where) > 0 || l.Into != ""
}

// seriesFields returns the shape of the series.
func (s series) seriesFields() datasource.SeriesFields {
	return datasource.SeriesFields{
		Time: s.Time, Value: s.Value, Open: s.Open, High: s.High, Low: s.Low, Close: s.Close, Volume: s.Volume, Step: s.Step.Std(),
	}
}

// decoders are the words of decode.
var decoders = []string{"gzip", "zlib", "msgpack", "pickle", "base64", "utf-16", "text"}

// VarKind says where the values of a variable are looked up.
type VarKind uint8

// The kinds of lookup.
const (
	VarKeys   VarKind = iota + 1 // parts of the names of keys, by SCAN
	VarSet                       // members of a set
	VarList                      // items of a list
	VarHash                      // fields of a hash
	VarString                    // JSON in a string
	VarJSON                      // a RedisJSON document
	VarAPI                       // an answer of the API
)

// varSection is the long form of a variable: a lookup in Redis or the API.
type varSection struct {
	Keys   string   `yaml:"keys" doc:"names of keys: \"tick:{symbol}\"; {…} is the value, one part between separators; * anything"`
	Set    string   `yaml:"set" doc:"key of a set: its members"`
	List   string   `yaml:"list" doc:"key of a list: its items"`
	Hash   string   `yaml:"hash" doc:"key of a hash: its fields"`
	String string   `yaml:"string" doc:"key of a string with JSON: an array's items or an object's keys"`
	JSON   string   `yaml:"json" doc:"key of a RedisJSON document: an array's items or an object's keys"`
	API    *varAPI  `yaml:"api" doc:"an answer of the API; beside another of these it is asked while Redis has no values"`
	Pick   string   `yaml:"pick" doc:"string, json: path to the values; of an array of objects the field of each"`
	Type   string   `yaml:"type" doc:"keys: only keys of this type; default: by the data that use it" enum:"string,hash,zset,list,stream,set,json,timeseries"`
	Rescan Duration `yaml:"rescan" doc:"how often it is looked up again; default 10s"`
	Limit  int      `yaml:"limit" doc:"how many values at most; default 1000" minimum:"1" maximum:"5000"`
	Filter string   `yaml:"filter" doc:"only values that match this regular expression"`
}

type varAPI struct {
	Path string `yaml:"path,short" doc:"below the API's address, with its query"`
	Pick string `yaml:"pick" doc:"path to the values; of an array of objects the field of each"`
}

// Var is a variable: one word, a list of them, or where to look them up.
type Var struct {
	Values []string
	List   bool        // written as a list
	Lookup *varSection // nil for fixed values
}

func (v *Var) decodeNode(d *decoder, path string, n ast.Node) {
	switch t := d.resolveNode(n).(type) {
	case *ast.SequenceNode:
		v.List = true
		d.decodeWords(path, t, &v.Values)
	case ast.MapNode:
		v.Lookup, v.List = new(varSection), true
		d.decode(path, n, valueOf(v.Lookup))
	default:
		if n.Type() != ast.NullType {
			d.decode(path, n, valueOf(&v.Values))
		}
	}
}
