package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// validationTime fills in dates where only their form is checked.
var validationTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// mistake is what is wrong with one key of a datum.
type mistake struct{ key, msg, hint string }

func newMistake(key, format string, args ...any) *mistake {
	return &mistake{key: key, msg: fmt.Sprintf(format, args...)}
}

// The kinds that a key of the data language means something to.
var (
	ordered   = []datasource.Kind{datasource.KindList, datasource.KindStream, datasource.KindZSet, datasource.KindTimeSeries}
	structure = []datasource.Kind{datasource.KindString, datasource.KindHash, datasource.KindZSet, datasource.KindList, datasource.KindStream, datasource.KindChannel, datasource.KindSet, datasource.KindJSON}
	rows      = []datasource.Kind{datasource.KindString, datasource.KindHash, datasource.KindZSet, datasource.KindList, datasource.KindStream, datasource.KindJSON}
)

// rule says which kinds a key is for, and why it means nothing to the others.
type rule struct {
	key   string
	set   func(x *datum) bool
	kinds []datasource.Kind
	join  bool // also for a join
	why   string
}

var keyRules = []rule{
	{"member", func(x *datum) bool { return x.Member != "" }, []datasource.Kind{datasource.KindZSet}, false, "only a sorted set has members with scores"},
	{"window", func(x *datum) bool { return x.Window != 0 }, []datasource.Kind{datasource.KindZSet, datasource.KindTimeSeries}, false, "it is a span of scores"},
	{"latest", func(x *datum) bool { return x.Latest }, ordered, false, "there is no newest entry"},
	{"newest", func(x *datum) bool { return x.Newest != "" }, []datasource.Kind{datasource.KindList}, false, "only a list has two ends"},
	{"series", func(x *datum) bool { return x.Series.seriesFields().Defined() }, rows, false, "there are no rows in it"},
	{"pick", func(x *datum) bool { return x.Pick != "" }, structure, false, "its samples are numbers"},
	{"where", func(x *datum) bool { return len(x.Where) > 0 }, structure, false, "it has no rows with fields"},
	{"fields", func(x *datum) bool { return len(x.Fields) > 0 }, structure, true, "its samples have no fields"},
	{"values", func(x *datum) bool { return len(x.Values) > 0 }, structure, true, "its samples have no fields"},
	{"time", func(x *datum) bool { return x.Time != "" }, structure, true, "its samples have a time"},
	{"time_format", func(x *datum) bool { return x.TimeFormat != "" }, structure, true, "its samples have a time"},
	{"columns", func(x *datum) bool { return len(x.Columns) > 0 }, structure, false, "it has no arrays"},
	{"sep", func(x *datum) bool { return x.Sep != "" }, structure, false, "it has no text"},
	{"decode", func(x *datum) bool { return len(x.Decode) > 0 }, structure, true, "its samples are numbers"},
	{"live", func(x *datum) bool { return x.Live.isDefined() }, kindsWithout(datasource.KindChannel), true, "it is pushed itself"},
	{"fallback", func(x *datum) bool { return x.Fallback != fallbackSection{} }, kindsWithout(datasource.KindChannel), true, "what was not received is gone"},
	{"max_age", func(x *datum) bool { return x.MaxAge != nil }, kindsWithout(datasource.KindChannel), true, "messages have an age each"},
}

// kindsWithout returns every kind but one.
func kindsWithout(k datasource.Kind) []datasource.Kind {
	return slices.DeleteFunc(datasource.Kinds(), func(other datasource.Kind) bool { return other == k })
}

// checkKind looks at what only some kinds have, and at what keys say together.
func (x *datum) checkKind(kind datasource.Kind) *mistake {
	is := "this is a " + kind.String()
	if len(x.Join) > 0 {
		is = "this is a join"
	}
	for _, r := range keyRules {
		if !r.set(x) || len(x.Join) > 0 && r.join || len(x.Join) == 0 && slices.Contains(r.kinds, kind) {
			continue
		}
		if len(r.kinds) > 6 {
			return newMistake(r.key, "%s means nothing here: %s, and %s", r.key, is, r.why)
		}
		var names []string
		for _, k := range r.kinds {
			names = append(names, k.String())
		}
		return newMistake(r.key, "%s is for %s, %s: %s", r.key, strings.Join(names, ", "), is, r.why)
	}
	for _, f := range []func(datasource.Kind) *mistake{x.checkMember, x.checkTogether, x.checkSeries, x.checkTimes, x.checkWords, x.checkLive, x.checkFallback, x.checkNames} {
		if m := f(kind); m != nil {
			return m
		}
	}
	return nil
}

func (x *datum) checkMember(datasource.Kind) *mistake {
	m := datasource.Member(x.Member)
	field, isJSON := m.JSONField()
	switch {
	case isJSON && field == "", x.Member != "" && !isJSON && m != datasource.MemberValue && m != datasource.MemberTSValue:
		return newMistake("member", `member %q is not "{value}", "{ts}:{value}" or "json:FIELD"`, x.Member)
	case x.Keep < 0 || x.Keep > datasource.MaxMembers:
		return newMistake("keep", "keep is %d; it must be between 1 and %d", x.Keep, datasource.MaxMembers)
	}
	return nil
}

// checkTogether refuses keys that contradict each other.
func (x *datum) checkTogether(datasource.Kind) *mistake {
	switch {
	case x.Latest && x.Series.seriesFields().Defined():
		return newMistake("latest", "latest is one entry, series is many: use one of them")
	case x.Latest && x.Window != 0:
		return newMistake("window", "latest is one entry: it has no window")
	case x.Latest && x.Keep != 0:
		return newMistake("keep", "latest keeps one entry")
	case x.Latest && x.Member != "":
		return newMistake("member", "member is for a series; latest takes the whole member (use pick or columns)")
	case x.Member != "" && x.Series.seriesFields().Defined():
		return newMistake("member", "member is the short form of series: use one of them")
	case x.Sep != "" && len(x.Columns) == 0:
		return &mistake{"sep", "sep needs columns: the names of what it separates", `columns: [time, value], sep: "|"`}
	}
	return nil
}

// pseudoFields are the names of what is around a row, with the
// kinds that have it; nil for all.
var pseudoFields = map[string][]datasource.Kind{
	"@key": nil, "@field": nil,
	"@score": {datasource.KindZSet}, "@member": {datasource.KindZSet}, "@id": {datasource.KindStream},
}

func (x *datum) checkSeries(kind datasource.Kind) *mistake {
	s := x.Series
	if !s.seriesFields().Defined() {
		return nil
	}
	bars := s.Open != "" || s.High != "" || s.Low != "" || s.Close != ""
	switch {
	case s.Value == "" && !bars && kind != datasource.KindHash: // whose fields may be the numbers
		return &mistake{"series", "series needs a value, or open, high, low and close", "series: {time: ts, value: equity}"}
	case s.Value != "" && (bars || s.Volume != ""):
		return newMistake("series.value", "series has value and open, high, low, close: points have the one, bars the others")
	case bars && (s.Open == "" || s.High == "" || s.Low == "" || s.Close == ""):
		return newMistake("series", "a bar needs open, high, low and close")
	case s.Step != 0 && kind != datasource.KindHash:
		return newMistake("series.step", "step is for a hash of time to value, this is a %s", kind)
	}
	for key, name := range map[string]string{"time": s.Time, "value": s.Value, "open": s.Open, "high": s.High, "low": s.Low, "close": s.Close, "volume": s.Volume} {
		if !strings.HasPrefix(name, "@") {
			continue
		}
		kinds, known := pseudoFields[name]
		if !known {
			return &mistake{"series." + key, fmt.Sprintf("unknown pseudo-field %q", name), didYouMean(name, []string{"@key", "@field", "@score", "@id", "@member"})}
		}
		if kinds != nil && !slices.Contains(kinds, kind) {
			return newMistake("series."+key, "%s is for a %s, this is a %s", name, kinds[0], kind)
		}
	}
	return nil
}

func (x *datum) checkTimes(datasource.Kind) *mistake {
	if x.TimeFormat != "" {
		if err := checkTimeFormat(x.TimeFormat); err != nil {
			return &mistake{"time_format", "time_format: " + err.Error(), ""}
		}
	}
	return nil
}

// checkTimeFormat is checkStrftime for what is read: fractions are allowed.
func checkTimeFormat(format string) error {
	return checkStrftime(strings.NewReplacer("%f", "", "%L", "", "%N", "", "%%", "%%").Replace(format))
}

func (x *datum) checkWords(datasource.Kind) *mistake {
	if x.Newest != "" && x.Newest != "first" && x.Newest != "last" {
		return &mistake{"newest", fmt.Sprintf("unknown word %q", x.Newest), didYouMean(x.Newest, []string{"first", "last"})}
	}
	for i, w := range x.Decode {
		if !slices.Contains(decoders, w) {
			return &mistake{fmt.Sprintf("decode[%d]", i), fmt.Sprintf("unknown decoder %q", w), didYouMean(w, decoders)}
		}
	}
	for i, c := range x.Columns {
		switch {
		case c == "" || strings.Contains(c, ","):
			return newMistake(fmt.Sprintf("columns[%d]", i), "%q cannot be the name of a column", c)
		case slices.Contains(x.Columns[:i], c) && c != "_":
			return &mistake{fmt.Sprintf("columns[%d]", i), fmt.Sprintf("column %q is there twice", c), `"_" for columns that are left out`}
		}
	}
	for i, f := range x.Show {
		if f == "" || strings.Contains(f, ",") {
			return newMistake(fmt.Sprintf("show[%d]", i), "%q cannot be the name of a field", f)
		}
	}
	return nil
}

func (x *datum) checkLive(kind datasource.Kind) *mistake {
	switch {
	case x.Live.isDefined() && x.Live.Channel == "":
		return &mistake{"live", "live needs a channel", `live: {channel: prices, pick: data}`}
	case x.Live.Into != "" && kind != datasource.KindHash:
		return newMistake("live.into", "into is for a hash, this is a %s", kind)
	}
	return nil
}

func (x *datum) checkFallback(datasource.Kind) *mistake {
	f := x.Fallback
	switch {
	case f.Path == "" && f != fallbackSection{}:
		return newMistake("fallback", "fallback needs a path")
	case f.Path != "" && !strings.HasPrefix(f.Path, "/"):
		return newMistake("fallback.path", "fallback path %q must start with /", f.Path)
	}
	return nil
}

func (x *datum) checkNames(datasource.Kind) *mistake {
	for name := range x.For {
		switch {
		case !varName.MatchString(name):
			return newMistake("for", "for: %q cannot be the name of a variable", name)
		case isMoment(name):
			return newMistake("for", "for: %s is the date; name the variable otherwise", name)
		}
	}
	for _, j := range x.Join {
		if j.Key == "" || j.Value == "" {
			return newMistake("join", "join needs a name and a key for each field")
		}
	}
	for _, f := range x.Values {
		if len(f.Value) == 0 {
			return newMistake("values", "values: %s has no codes", f.Key)
		}
	}
	return nil
}

// shownBy are the keys of a widget that name the data it shows.
var shownBy = []string{"data", "bids", "asks", "spark"}

// classifyShown notes which data are prices, because quotes and depth show
// them, and which are drawn over time.
func (c *Config) classifyShown() {
	c.prices, c.drawn = map[string]bool{}, map[string]bool{}
	for i := range c.file.Pages {
		p := &c.file.Pages[i]
		for _, r := range p.Rows {
			for _, w := range r.Widgets {
				for key, names := range w.shownData(p.src) {
					for _, name := range names {
						c.classifyKey(w.Type, key, datasource.Group(name))
					}
				}
			}
		}
	}
}

func (c *Config) classifyKey(widget, key, group string) {
	switch {
	case (widget == "quotes" || widget == "depth") && key != "spark":
		c.prices[group] = true
	case key == "spark", widget == "chart", widget == "candles", widget == "sparkline", widget == "heatmap":
		c.drawn[group] = true
	}
}

// shownData returns the names of data under the keys that show them, as they are
// written.
func (w *widget) shownData(d *decoder) map[string][]string {
	out := map[string][]string{}
	quiet := d.forkWith(nil)
	n := quiet.resolveNode(w.node)
	pairs, ok := quiet.mappingPairs(n)
	if !ok {
		return nil
	}
	for _, p := range pairs {
		if slices.Contains(shownBy, p.key) {
			out[p.key] = quiet.scalarTexts(p.value)
		}
	}
	return out
}
