package discover

import (
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// container says how many things one key of a family holds.
type container uint8

const (
	containOne     container = iota // one object or scalar
	containRows                     // an array, or a hash with a row a field
	containHistory                  // entries over time: list, stream, sorted set
	containLevels                   // price → size
)

// finding is a family of which is known what it is about.
type finding struct {
	*family
	row
	container container
	lead      []string // further keys of the datum in the file: "newest: last"
	series    string   // inside of series: {…}; "" where it isn't one
	vars      []*variable
	live      *push
	secrets   int
	labels    []string // fields that are shown of an object with secrets; nil is all
	levels    bool     // containLevels: a side of a book
	ranking   bool
	rank      int
	expires   bool
	fallback  string
	called    string    // the name that a person gave it
	part      string    // of a part of a document: its name
	joins     []joinKey // of a join: the keys of its fields
}

// note is why a family is not shown.
type note struct {
	reason string
	keys   int
	sample string
}

// describeFamily finds out what a family is about; a note says why it is left out.
func describeFamily(f *family) (*finding, *note) {
	x := &finding{family: f}
	for i := range f.samples {
		x.expires = x.expires || f.samples[i].TTL != datasource.NoTTL
	}
	if reason := x.inspectSamples(); reason != "" {
		return nil, &note{reason: reason, keys: len(f.keys), sample: f.keys[0]}
	}
	return x, nil
}

// inspectSamples looks at the samples by type.
func (x *finding) inspectSamples() (leftOut string) {
	s := x.fullestSample()
	if s == nil && x.kind == "TSDB-TYPE" { // may not be read one by one
		s = &redisdb.Sample{}
	}
	if s == nil {
		return "no longer there when it was looked at"
	}
	hints := x.keyHints()
	switch x.kind {
	case "string", "ReJSON-RL":
		return x.inspectDocument(readNode(s.Bytes), hints)
	case "hash":
		return x.inspectHash(s, hints)
	case "list":
		return x.inspectList(s, hints)
	case "stream":
		return x.inspectStream(s, hints)
	case "zset":
		return x.inspectSortedSet(s, hints)
	case "set":
		x.subject, x.container = subjectNames, containRows
		return ""
	case "TSDB-TYPE":
		x.subject, x.container, x.series = subjectPoint, containHistory, "own"
		return ""
	}
	return "of a type that cannot be shown"
}

// fullestSample is the sample that tells most; nil when all are empty.
func (x *finding) fullestSample() *redisdb.Sample {
	var best *redisdb.Sample
	most := 0
	for i := range x.samples {
		s := &x.samples[i]
		n := len(s.Fields)*4 + len(s.First)*4 + len(s.Recent)*4 + min(len(s.Bytes), 200)
		if x.kind == "TSDB-TYPE" {
			n += 4 * len(s.Last)
		}
		if n > most {
			best, most = s, n
		}
	}
	return best
}

// inspectDocument looks at the value of a string or a JSON document.
func (x *finding) inspectDocument(n *node, hints []string) (leftOut string) {
	switch {
	case n.kind == nodeUnreadable:
		return "binary that cannot be read"
	case n.kind == nodeArray:
		return x.inspectArray(n, "", hints)
	case n.kind == nodeObject && isSecretObject(n):
		return "secrets"
	}
	x.row = classifyRow(n, hints)
	if n.kind == nodeObject && (x.subject == subjectOther || x.subject == subjectMetrics) {
		if inner, path := n.mainArray(); inner != nil {
			return x.inspectArray(inner, path, hints)
		}
		if rows := n.objectRows(); rows != nil {
			x.row, x.container = classifyRow(rows, hints), containRows
		}
	}
	x.hideSecrets(n)
	return ""
}

// mainArray is the array of rows that an object is only the envelope of:
// {"data": [{…}], "count": 3}.
func (n *node) mainArray() (*node, string) {
	for i, k := range n.kids {
		if k.kind == nodeArray && len(k.kids) > 0 && (k.kids[0].kind == nodeObject || k.kids[0].kind == nodeArray) && (len(n.kids) <= 4 || isEnvelopeName(n.names[i])) {
			return k, joinPath("", n.names[i])
		}
	}
	return nil, ""
}

// objectRows returns a row of an object whose fields are rows themselves.
func (n *node) objectRows() *node {
	if len(n.kids) == 0 || n.kids[0].kind != nodeObject || len(n.kids[0].names) < 2 {
		return nil
	}
	want := n.kids[0].signature()
	for _, k := range n.kids {
		if k.kind != nodeObject || !areSimilar(want, k.signature()) {
			return nil
		}
	}
	if len(n.kids) == 1 && !anySymbol(n.names[0]) && !isDigits(n.names[0]) {
		return nil
	}
	return n.kids[0]
}

// inspectArray looks at an array inside a value.
func (x *finding) inspectArray(n *node, path string, hints []string) (leftOut string) {
	x.container = containRows
	if len(n.kids) == 0 {
		if hasHint(hints, positionHints...) {
			x.subject = subjectPosition
		} else if hasHint(hints, orderHints...) {
			x.subject = subjectOrder
		}
		x.pick = path
		return ""
	}
	first := n.kids[0]
	switch first.kind {
	case nodeArray:
		x.pick = path
		x.inspectMatrix(first)
		return ""
	case nodeObject:
		x.row = classifyRow(first, hints)
		inner := x.pick
		if x.pick = path; inner != "" {
			x.row = row{subject: subjectOther, pick: path, object: first, time: first.timeField()}
		}
		x.seriesOfRows(x.time)
		return ""
	}
	x.pick, x.subject = path, subjectNames
	if first.kind == nodeNumber && n.size > 5 {
		x.subject = subjectOther
	}
	return ""
}

// inspectMatrix looks at an array of arrays: bars as exchanges send them.
func (x *finding) inspectMatrix(first *node) {
	numbers := 0
	for _, k := range first.kids {
		if k.kind == nodeNumber {
			numbers++
		}
	}
	if numbers < 2 || numbers < len(first.kids)-1 || !isTime(first.kids[0]) {
		return
	}
	if len(first.kids) >= 5 {
		names := []string{"time", "open", "high", "low", "close", "volume", "extra1", "extra2", "extra3", "extra4", "extra5", "extra6"}
		x.lead = append(x.lead, "columns: ["+strings.Join(names[:min(first.size, len(names))], ", ")+"]")
		x.subject = subjectBar
		x.series = "time: time, open: open, high: high, low: low, close: close"
		if first.size >= 6 {
			x.series += ", volume: volume"
		}
		return
	}
	if len(first.kids) == 2 {
		x.lead = append(x.lead, "columns: [time, value]")
		x.subject, x.series = subjectPoint, "time: time, value: value"
	}
}

// seriesOfRows says how rows over time make a series; at is the field or
// pseudo-field with the time.
func (x *finding) seriesOfRows(at string) {
	n := x.object
	if n == nil || at == "" {
		return
	}
	value := ""
	switch x.subject {
	case subjectBar:
		parts := []string{"time: " + scalarYAML(at)}
		for _, f := range []string{"open", "high", "low", "close", "volume"} {
			if name := n.fieldFor(f, isNumber); name != "" {
				parts = append(parts, f+": "+scalarYAML(joinPath(x.pickInside(), name)))
			}
		}
		x.series = strings.Join(parts, ", ")
		return
	case subjectQuote, subjectTrade:
		value = n.priceField()
	case subjectPoint:
		value = n.pointValue()
	case subjectAccount:
		if value = n.fieldFor("equity", isNumber); value == "" {
			value = n.fieldFor("balance", isNumber)
		}
	}
	if value != "" {
		x.series = "time: " + scalarYAML(at) + ", value: " + scalarYAML(value)
	}
}

func (x *finding) pickInside() string { return "" }

// priceField is the field of a quote or trade that means its price.
func (n *node) priceField() string {
	for _, want := range []string{"mid", "midprice"} {
		for i, name := range n.names {
			if canonicalName(name) == want && n.kids[i].kind == nodeNumber {
				return name
			}
		}
	}
	if last := n.fieldFor("last", func(k *node) bool { return k.kind == nodeNumber && k.num != 0 }); last != "" {
		return last
	}
	return n.fieldFor("bid", isNumber)
}

// inspectHash tells an object from a map.
func (x *finding) inspectHash(s *redisdb.Sample, hints []string) (leftOut string) {
	n := fieldsNode(s.Fields)
	switch {
	case isSecretObject(n):
		return "secrets"
	case n.isLadder():
		x.subject, x.container, x.levels = subjectBook, containLevels, true
		return ""
	case n.everyName(func(name string) bool { return isTime(scalarNode(name)) }):
		x.inspectTimeline(n, hints)
		return ""
	}
	if rows := n.objectRows(); rows != nil && (len(n.names) > 1 || isElementName(n.names[0]) || hasHint(hints, append(positionHints, orderHints...)...)) {
		x.row, x.container = classifyRow(rows, hints), containRows
		x.pick = ""
		return ""
	}
	if len(n.kids) > 1 && n.everyName(anySymbol) && n.allNumbers() {
		x.subject, x.container = subjectMetrics, containOne
		if hasHint(hints, priceWords...) && !slices.ContainsFunc(n.kids, isTime) {
			x.subject, x.container = subjectQuote, containRows
		}
		x.object = n
		return ""
	}
	x.row = classifyRow(n, hints)
	if x.pick != "" && x.subject != subjectOther && len(n.names) > 1 { // the envelope's other fields count as well
		x.row = row{subject: subjectOther, object: n, time: n.timeField()}
	}
	x.hideSecrets(n)
	return ""
}

// inspectTimeline looks at a hash of time → value.
func (x *finding) inspectTimeline(n *node, hints []string) {
	x.container = containHistory
	last := n.kids[len(n.kids)-1]
	switch last.kind {
	case nodeNumber:
		x.subject, x.series = subjectPoint, `time: "@field"`
	case nodeArray:
		x.inspectColumns(last)
	case nodeObject:
		x.row = classifyRow(last, hints)
		x.seriesOfRows("@field")
	}
	if t := scalarNode(n.names[0]); t.kind == nodeNumber && !isInstant(t.num) || len(n.names[0]) == 12 {
		x.lead = append(x.lead, `time_format: "%Y%m%d%H%M"`)
	}
	if step := timelineStep(n.names); step != "" && x.series != "" {
		x.series += ", step: " + step
	}
}

// inspectColumns looks at an array of a bar's prices without its time, as
// matching engines keep them: open, close, high, low or open, high, low, close.
func (x *finding) inspectColumns(a *node) {
	if len(a.kids) < 4 {
		return
	}
	order := []string{"open", "high", "low", "close"}
	if k := a.kids; k[2].num >= k[1].num && k[2].num >= k[3].num && k[3].num <= k[1].num {
		order = []string{"open", "close", "high", "low"}
	}
	names := slices.Clone(order)
	for i := 4; i < a.size && i < 10; i++ {
		names = append(names, []string{"volume", "deal", "extra1", "extra2", "extra3", "extra4"}[i-4])
	}
	x.lead = append(x.lead, "columns: ["+strings.Join(names, ", ")+"]")
	x.subject, x.series = subjectBar, `time: "@field", open: open, high: high, low: low, close: close`
	if len(names) > 4 {
		x.series += ", volume: volume"
	}
}

// timelineStep is the usual distance of a timeline's fields.
func timelineStep(names []string) string {
	var times []float64
	for _, name := range names {
		if t := scalarNode(name); t.kind == nodeNumber && isInstant(t.num) {
			times = append(times, t.num)
		}
	}
	slices.Sort(times)
	if len(times) < 3 {
		return ""
	}
	least := 0.0
	for i := 1; i < len(times); i++ {
		if d := times[i] - times[i-1]; d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	for times[0] > 1e11 { // milliseconds and finer
		least, times[0] = least/1000, times[0]/1000
	}
	if least < 1 || least != float64(int(least)) || least > 7*86400 {
		return ""
	}
	return strconv.Itoa(int(least)) + "s"
}

func (n *node) everyName(accept func(string) bool) bool {
	for _, name := range n.names {
		if !accept(name) {
			return false
		}
	}
	return len(n.names) > 0
}

func (n *node) allNumbers() bool {
	return !slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind != nodeNumber })
}

// isLadder reports whether a hash maps prices to sizes.
func (n *node) isLadder() bool {
	decimals := 0
	for _, name := range n.names {
		k := scalarNode(name)
		if k.kind != nodeNumber || k.num <= 0 || isInstant(k.num) {
			return false
		}
		if strings.Contains(name, ".") {
			decimals++
		}
	}
	return n.allNumbers() && decimals > 0 && len(n.names) >= 2
}

// inspectList looks at both ends of a list.
func (x *finding) inspectList(s *redisdb.Sample, hints []string) (leftOut string) {
	newest := readNode(s.First[0].Member)
	oldest := readNode(s.Last[len(s.Last)-1].Member)
	x.container = containHistory
	if c := columnsOf(newest, false); c != nil {
		x.lead, newest = append(x.lead, c.leadKeys()...), c.row
		if old := columnsOf(oldest, false); old != nil {
			oldest = old.row
		}
	}
	x.row = classifyRow(newest, hints)
	if x.subject == subjectUnreadable {
		return "binary that cannot be read"
	}
	if a, b := momentOf(newest), momentOf(oldest); s.Len > 1 && a != b && a != "" && b != "" {
		if a > b {
			x.lead = append(x.lead, "newest: first")
		} else {
			x.lead = append(x.lead, "newest: last")
		}
	}
	if x.pick == "" {
		x.seriesOfRows(x.time)
	}
	if newest.kind == nodeText && x.subject != subjectLog {
		x.subject = subjectLog
	}
	if s.Len <= 200 && (x.subject == subjectPosition || x.subject == subjectOrder) && x.pick == "" && x.keepsNoHistory(s, hints) {
		x.container, x.lead = containRows, nil // what is open now, not what happened
	}
	return ""
}

// keepsNoHistory reports whether the entries of a list are different things
// under a key that says so, rather than one thing over time.
func (x *finding) keepsNoHistory(s *redisdb.Sample, hints []string) bool {
	if hasHint(hints, "history", "log", "closed", "stream", "changes", "events", "audit", "past") || !hasHint(hints, append(append([]string{"open", "active"}, positionHints...), orderHints...)...) {
		return false
	}
	seen := map[string]bool{}
	members := append(slices.Clone(s.First), s.Last...)
	for _, m := range members[:min(len(members), 50)] {
		n := readNode(m.Member)
		id := n.identityField()
		if id == "" {
			return false
		}
		if text := string(m.Member); seen[id] && !seen[text] {
			return false
		} else if seen[text] = true; true {
			seen[id] = true
		}
	}
	return true
}

// identityField is what tells one position or order from another.
func (n *node) identityField() string {
	for _, name := range []string{"ticket", "id", "orderid", "positionid", "tradeid", "dealid", "clordid", "clientorderid"} {
		for i, field := range n.names {
			if canonicalName(field) == name && n.kids[i].isScalar() {
				return "id " + n.kids[i].text
			}
		}
	}
	if symbol := n.field(n.fieldFor("symbol", anyScalar)); symbol != nil {
		return "symbol " + symbol.text
	}
	return ""
}

// momentOf is a value's own time in a form that sorts; "" for none.
func momentOf(n *node) string {
	t := n.field(n.timeField())
	if t == nil {
		return ""
	}
	if t.kind == nodeNumber {
		return strconv.FormatFloat(t.num, 'f', 6, 64)
	}
	return t.text
}

// inspectStream looks at the newest entry.
func (x *finding) inspectStream(s *redisdb.Sample, hints []string) (leftOut string) {
	n := fieldsNode(s.Recent[0].Fields)
	x.container = containHistory
	if len(n.kids) == 1 && n.kids[0].kind == nodeObject { // one field with JSON
		x.row = classifyObject(n.kids[0], hints, joinPath("", n.names[0]), 1)
	} else {
		x.row = classifyRow(n, hints)
	}
	if x.pick == "" || x.object != nil {
		x.seriesOfRows("@id")
	}
	return ""
}

// inspectSortedSet tells series from ladders and rankings.
func (x *finding) inspectSortedSet(s *redisdb.Sample, hints []string) (leftOut string) {
	last := s.Last[len(s.Last)-1]
	n := readNode(last.Member)
	x.container = containHistory
	timed := isInstant(last.Score) && isInstant(s.First[0].Score)
	if timed && !tsMember.Match(last.Member) {
		if n = x.readColumns(n, true); n.kind == nodeText { // no number: rows of text
			x.lead = append(x.lead, `sep: "\t"`, "columns: [text]")
			x.subject = subjectLog
			return ""
		}
	}
	switch {
	case n.kind == nodeUnreadable:
		return "binary that cannot be read"
	case timed && n.kind == nodeNumber:
		x.subject, x.series = subjectPoint, "own"
	case timed && tsMember.Match(last.Member):
		x.subject, x.series = subjectPoint, "own"
		x.lead = append(x.lead, `member: "{ts}:{value}"`)
	case timed:
		x.row = classifyRow(n, hints)
		if x.pick == "" {
			x.seriesOfRows("@score")
		} else if x.object != nil {
			x.seriesOfRows("@score")
		}
	case isTime(n):
		x.subject = subjectPoint
		x.series = `time: "@member", value: "@score"`
	default:
		x.subject, x.container, x.ranking = subjectRanking, containRows, true
		if c := columnsOf(n, true); c != nil && n.kind == nodeText && startsWithScore(n.text, last.Score) && len(c.names) > 1 {
			c.names[0], c.names[1] = "price", "size"
			x.lead = append(x.lead, c.leadKeys()...)
		}
		x.levels = n.kind == nodeNumber && n.num == last.Score || n.kind == nodeText && startsWithScore(n.text, last.Score) || last.Score > 0 && n.hasNumber(last.Score)
	}
	return ""
}

// startsWithScore reports whether a member is its score with something behind
// it: "97000.5:0.12", as books keep price and size.
func startsWithScore(member string, score float64) bool {
	number := strings.TrimRight(member, " ")
	if i := strings.IndexFunc(number, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' && r != 'e' }); i > 0 {
		number = number[:i]
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && f == score
}

// hasNumber reports whether a field of an object is this number.
func (n *node) hasNumber(f float64) bool {
	return n.kind == nodeObject && slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind == nodeNumber && k.num == f })
}

// fieldsNode is the object that the fields of a hash or an entry make.
func fieldsNode(fields []datasource.RawField) *node {
	n := &node{kind: nodeObject}
	for _, f := range fields[:min(len(fields), maxNodeFields)] {
		n.names, n.kids = append(n.names, f.Name), append(n.kids, readNode(f.Value))
	}
	return n
}

// isSecretObject reports whether an object holds secrets and little else.
func isSecretObject(n *node) bool {
	secret := 0
	for _, name := range n.names {
		if isSecret(name) {
			secret++
		}
	}
	return secret > 0 && secret*2 >= len(n.names)
}

// hideSecrets lists the fields to show where some are secret.
func (x *finding) hideSecrets(n *node) {
	if n.kind != nodeObject {
		return
	}
	for _, name := range n.names {
		if isSecret(name) {
			x.secrets++
		} else {
			x.labels = append(x.labels, name)
		}
	}
	if x.secrets == 0 {
		x.labels = nil
	}
}
