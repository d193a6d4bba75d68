package decode

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// row is one entry of a list, a stream, a sorted set, a hash or an array, with
// what the pseudo-fields say of it.
type row struct {
	value  datasource.Value
	field  string  // @field: of a hash or an object
	id     string  // @id: of a stream
	score  float64 // @score: of a sorted set
	scored bool
	member []byte // @member: the raw bytes
}

// shaped decodes what Redis delivered by a plan.
func (p *plan) shaped(raw *datasource.Raw, said *remarks) (datasource.Value, error) {
	if p.err != nil {
		return datasource.Value{}, &datasource.Fault{Class: datasource.ClassConfig, Text: datasource.Clean(p.err.Error(), maxFault)}
	}
	var rows []row
	var err error
	switch raw.Ref.Kind {
	case datasource.KindString, datasource.KindJSON:
		v, err := p.document(raw.Bytes)
		if err != nil {
			return datasource.Value{}, err
		}
		return p.whole(raw.Ref, &v, raw.At, said)
	case datasource.KindHash:
		v, err := p.hash(raw.Fields, said)
		if err != nil {
			return datasource.Value{}, err
		}
		return p.whole(raw.Ref, &v, raw.At, said)
	case datasource.KindZSet, datasource.KindTimeSeries:
		if !p.rows && p.series == nil && !p.latest && len(p.decoders) == 0 {
			return series(raw, said)
		}
		rows, err = p.members(raw, said)
	case datasource.KindList:
		rows, err = p.items(raw, said)
	case datasource.KindSet:
		rows, err = p.items(raw, said)
	case datasource.KindStream:
		rows, err = p.entries(raw, said)
	case datasource.KindChannel:
		return datasource.Value{Type: datasource.TypeMessages}, nil
	}
	if err != nil {
		return datasource.Value{}, err
	}
	return p.fromRows(raw.Ref, rows, raw.At, said)
}

// document is document with the forced decoders.
func (p *plan) document(b []byte) (datasource.Value, error) {
	if len(p.decoders) == 0 {
		return document(b)
	}
	if len(b) > datasource.MaxValueBytes {
		return datasource.Value{}, tooBig("%s, at most %s", size(len(b)), size(datasource.MaxValueBytes))
	}
	out, err := unpackAs(p.decoders, b)
	if err != nil || out.done {
		return out.value, err
	}
	return textDocument(out.text)
}

// part is part with the forced decoders.
func (p *plan) part(said *remarks, b []byte) datasource.Value {
	if len(p.decoders) == 0 {
		return said.part(b)
	}
	v, err := p.document(b)
	if said.note(err); err != nil {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean("unreadable: "+err.Error(), datasource.MaxCell)}
	}
	return v
}

func (p *plan) hash(fields []datasource.RawField, said *remarks) (datasource.Value, error) {
	if len(p.decoders) == 0 && p.series == nil {
		return hash(fields, said)
	}
	if len(fields) > datasource.MaxMembers || p.series == nil && len(fields) > datasource.MaxFields {
		return datasource.Value{}, tooBig("%d fields, at most %d", len(fields), datasource.MaxFields)
	}
	v := datasource.Value{Type: datasource.TypeObject, Fields: make([]datasource.Field, len(fields))}
	for i := range fields {
		v.Fields[i] = datasource.Field{Name: datasource.Clean(fields[i].Name, datasource.MaxCell), Value: p.part(said, fields[i].Value)}
	}
	return v, said.allUnread(len(fields))
}

// members are the rows of a sorted set, the lowest score first.
func (p *plan) members(raw *datasource.Raw, said *remarks) ([]row, error) {
	if len(raw.Members) > datasource.MaxMembers {
		return nil, tooBig("%d members, at most %d", len(raw.Members), datasource.MaxMembers)
	}
	rows := make([]row, len(raw.Members))
	for i := range raw.Members {
		m := &raw.Members[i]
		rows[i] = row{value: p.part(said, m.Member), score: m.Score, scored: true, member: m.Member}
	}
	return rows, said.allUnread(len(rows))
}

// items are the rows of a list, the newest first, or of a set.
func (p *plan) items(raw *datasource.Raw, said *remarks) ([]row, error) {
	items := raw.Items
	if len(items) > datasource.MaxMembers {
		return nil, tooBig("%d items, at most %d", len(items), datasource.MaxMembers)
	}
	isList := raw.Ref.Kind == datasource.KindList
	if n := keep(raw.Ref); isList && len(items) > n {
		if raw.Newest == datasource.EndLast {
			items = items[len(items)-n:]
		} else {
			items = items[:n]
		}
	}
	rows := make([]row, len(items))
	for i := range items {
		rows[i] = row{value: p.part(said, items[i]), member: items[i]}
	}
	if isList && newestEnd(raw, items) == datasource.EndLast {
		slices.Reverse(rows)
	}
	return rows, said.allUnread(len(rows))
}

// entries are the rows of a stream, the newest first.
func (p *plan) entries(raw *datasource.Raw, said *remarks) ([]row, error) {
	if len(raw.Entries) > datasource.MaxMembers {
		return nil, tooBig("%d entries, at most %d", len(raw.Entries), datasource.MaxMembers)
	}
	entries := raw.Entries[:min(len(raw.Entries), keep(raw.Ref))]
	rows := make([]row, len(entries))
	unread := 0
	for i := range entries {
		fields := entries[i].Fields
		read := entry
		if len(fields) == 1 && len(p.pick) > 0 && fields[0].Name == p.pick[0] {
			read = hash // pick: opens the one field itself
		}
		v, err := read(fields, said)
		if err != nil {
			unread++
		}
		if unread == len(entries) {
			return nil, err
		}
		rows[i] = row{value: v, id: entries[i].ID}
	}
	return rows, nil
}

// whole shapes one document: a string, a hash, a body of the API.
func (p *plan) whole(ref *datasource.Ref, v *datasource.Value, at time.Time, said *remarks) (datasource.Value, error) {
	v, err := p.picked(v)
	if err != nil {
		return datasource.Value{}, err
	}
	return p.settle(ref, v, at, said)
}

// picked follows pick:.
func (p *plan) picked(v *datasource.Value) (*datasource.Value, error) {
	if len(p.pick) == 0 {
		return v, nil
	}
	at := descend(v, p.pick)
	if at == nil {
		_, err := pick(v, strings.Join(p.pick, "."))
		if err == nil {
			err = errors.New("no such part")
		}
		return nil, err
	}
	return at, nil
}

// settle shapes what was picked of a document.
func (p *plan) settle(ref *datasource.Ref, v *datasource.Value, at time.Time, said *remarks) (datasource.Value, error) {
	if p.series != nil {
		return p.fromRows(ref, p.rowsOf(v), at, said)
	}
	switch v.Type {
	case datasource.TypeArray:
		if len(p.columns) > 0 && len(v.Items) > 0 && !isRow(&v.Items[0]) {
			break // a single row
		}
		return p.array(v)
	case datasource.TypeObject:
		if p.isTable(v) {
			return p.table(v)
		}
	}
	out := *v
	p.row(&out)
	if len(p.where) > 0 && !p.holds(&out) && !p.holds(v) {
		return datasource.Value{}, &datasource.Fault{Class: datasource.ClassMissing, Text: datasource.Clean("missing: not what where: asks for", 0)}
	}
	return out, nil
}

// isTable reports whether an object is a table of rows by name: each of its
// fields is an object.
func (p *plan) isTable(v *datasource.Value) bool {
	if len(v.Fields) == 0 || len(p.where) > 0 && descend(v, p.where[0].path) != nil {
		return false
	}
	for _, r := range p.renames {
		if slices.ContainsFunc(r.from, func(from string) bool {
			path := datasource.SplitPath(from)
			return len(path) > 1 && descend(v, path) != nil
		}) {
			return false // its own fields are named
		}
	}
	for i := range v.Fields {
		if t := v.Fields[i].Value.Type; t != datasource.TypeObject && (t != datasource.TypeArray || len(p.columns) == 0) {
			return false
		}
	}
	return true
}

// table shapes the rows of an object of objects; where: leaves rows out.
func (p *plan) table(v *datasource.Value) (datasource.Value, error) {
	out := datasource.Value{Type: datasource.TypeObject, Fields: make([]datasource.Field, 0, len(v.Fields))}
	for i := range v.Fields {
		f := v.Fields[i]
		before := f.Value
		f.Value.Fields = slices.Clone(f.Value.Fields)
		p.row(&f.Value)
		if p.holds(&f.Value) || p.holds(&before) {
			out.Fields = append(out.Fields, f)
		}
	}
	return out, nil
}

// array shapes the rows of an array; latest: takes one of them.
func (p *plan) array(v *datasource.Value) (datasource.Value, error) {
	out := datasource.Value{Type: datasource.TypeArray, Items: make([]datasource.Value, 0, len(v.Items))}
	for i := range v.Items {
		item := v.Items[i]
		item.Fields = slices.Clone(item.Fields)
		p.row(&item)
		if p.holds(&item) || p.holds(&v.Items[i]) {
			out.Items = append(out.Items, item)
		}
	}
	if !p.latest {
		return out, nil
	}
	if len(out.Items) == 0 {
		return datasource.Value{}, noRows()
	}
	best, newest := 0, time.Time{}
	for i := range out.Items {
		if t := p.stampOf(&out.Items[i]); t.After(newest) {
			best, newest = i, t
		}
	}
	if newest.IsZero() && p.newest == datasource.EndLast {
		best = len(out.Items) - 1
	}
	return out.Items[best], nil
}

func noRows() error {
	return &datasource.Fault{Class: datasource.ClassMissing, Text: datasource.Clean("missing: no row", 0)}
}

// fromRows makes of rows what the shape and the kind ask for.
func (p *plan) fromRows(ref *datasource.Ref, rows []row, at time.Time, said *remarks) (datasource.Value, error) {
	path := p.pick
	if payload := ref.Kind.Info().Payload; payload == datasource.PayloadBytes || payload == datasource.PayloadFields {
		path = nil // the document was picked from already
	}
	kept := p.filtered(rows, path)
	switch {
	case p.series != nil:
		if ref.Kind == datasource.KindList || ref.Kind == datasource.KindStream {
			slices.Reverse(kept) // of rows of one time the one written last stays last
		}
		return p.points(ref, kept, at, said)
	case p.latest:
		return p.newestOf(ref, kept)
	}
	switch ref.Kind.Info().Payload {
	case datasource.PayloadMembers:
		return p.scored(kept)
	case datasource.PayloadEntries:
		return messagesOf(kept, keep(ref), func(r *row) datasource.Message {
			return datasource.Message{At: idTime(r.id), ID: datasource.Clean(r.id, datasource.MaxCell), Value: r.value}
		}), nil
	case datasource.PayloadNone, datasource.PayloadBytes, datasource.PayloadFields, datasource.PayloadItems:
	}
	if ref.Kind == datasource.KindSet {
		v := datasource.Value{Type: datasource.TypeArray}
		for i := range kept {
			v.Items = append(v.Items, kept[i].value)
		}
		return v, nil
	}
	return messagesOf(kept, keep(ref), func(r *row) datasource.Message { return datasource.Message{Value: r.value} }), nil
}

// filtered are the rows that where: lets pass, picked from and with their names.
func (p *plan) filtered(rows []row, path []string) []row {
	kept := rows[:0:0]
	for _, r := range rows {
		at := descend(&r.value, path)
		if at == nil {
			continue
		}
		r.value = *at
		unnamed := r.value
		r.value.Fields = slices.Clone(r.value.Fields)
		p.row(&r.value)
		if p.holds(&r.value) || p.holds(&unnamed) {
			kept = append(kept, r)
		}
	}
	return kept
}

func messagesOf(rows []row, most int, of func(*row) datasource.Message) datasource.Value {
	v := datasource.Value{Type: datasource.TypeMessages, Messages: make([]datasource.Message, 0, min(len(rows), most))}
	for i := range rows[:min(len(rows), most)] {
		v.Messages = append(v.Messages, of(&rows[i]))
	}
	return v
}

// scored are the rows of a sorted set: messages, the newest first, where the
// scores are times; else an array, the lowest score first.
func (p *plan) scored(rows []row) (datasource.Value, error) {
	if areTimes(rows) {
		slices.Reverse(rows)
		return messagesOf(rows, len(rows), func(r *row) datasource.Message {
			ms, _ := datasource.EpochMS(r.score)
			return datasource.Message{At: time.UnixMilli(ms), Value: r.value}
		}), nil
	}
	return scoredArray(rows), nil
}

// scoredArray is a sorted set as a table: the fields of each member and its
// score, or the member itself and its score.
func scoredArray(rows []row) datasource.Value {
	v := datasource.Value{Type: datasource.TypeArray, Items: make([]datasource.Value, len(rows))}
	for i := range rows {
		r := &rows[i]
		item := r.value
		if item.Type != datasource.TypeObject {
			item = datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean("member", 0), Value: r.value}}}
		}
		if _, has := item.Field("score"); !has {
			score := datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(r.score)}
			item.Fields = append([]datasource.Field{{Name: datasource.Clean("score", 0), Value: score}}, item.Fields...)
		}
		v.Items[i] = item
	}
	return v
}

// areTimes reports whether the scores of rows are times between 2000 and 2100.
func areTimes(rows []row) bool {
	for i := range rows {
		if !isEpoch(rows[i].score) {
			return false
		}
	}
	return len(rows) > 0
}

// isEpoch reports whether a number is a time between 2000 and 2100, in s, ms, µs
// or ns.
func isEpoch(f float64) bool {
	ms, ok := datasource.EpochMS(f)
	return ok && ms >= minEpochMS && ms <= maxEpochMS
}

const (
	minEpochMS = 946684800000  // 2000
	maxEpochMS = 4102444800000 // 2100
)

// newestOf is the newest row as one object, with its time where it has none.
func (p *plan) newestOf(ref *datasource.Ref, rows []row) (datasource.Value, error) {
	if len(rows) == 0 {
		return datasource.Value{}, noRows()
	}
	r := &rows[0]
	if ref.Kind.Info().Payload == datasource.PayloadMembers {
		r = &rows[len(rows)-1]
	}
	v := r.value
	if v.Type != datasource.TypeObject || !p.stampOf(&v).IsZero() {
		return v, nil
	}
	t := idTime(r.id)
	if r.scored && isEpoch(r.score) {
		ms, _ := datasource.EpochMS(r.score)
		t = time.UnixMilli(ms)
	}
	if !t.IsZero() {
		v.Fields = append(slices.Clip(v.Fields), datasource.Field{Name: datasource.Clean("time", 0), Value: timeValue(t.UnixMilli())})
	}
	return v, nil
}

func timeValue(ms int64) datasource.Value {
	return datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromInt(ms)}
}

// rowsOf are the rows of a document: the elements of an array, the columns of an
// object of arrays, the fields of an object; one that has the fields of a row
// itself is a single one.
func (p *plan) rowsOf(v *datasource.Value) []row {
	if v.Type == datasource.TypeArray {
		rows := make([]row, len(v.Items))
		for i := range v.Items {
			rows[i].value = v.Items[i]
		}
		return rows
	}
	if v.Type != datasource.TypeObject {
		return []row{{value: *v}}
	}
	s := p.series
	if s.time.pseudo != "@field" {
		if rows := rowsOfColumns(v); rows != nil {
			return rows
		}
	}
	if len(s.time.path) > 0 && descend(v, s.time.path) != nil || s.time.pseudo == "" && len(s.time.path) == 0 && !objectTime(v, ofEvent).IsZero() {
		return []row{{value: *v}}
	}
	rows := make([]row, len(v.Fields))
	for i := range v.Fields {
		rows[i] = row{value: v.Fields[i].Value, field: v.Fields[i].Name.String()}
	}
	return rows
}

// rowsOfColumns are the rows of an object of arrays of one length; nil for
// another object.
func rowsOfColumns(v *datasource.Value) []row {
	n, columns := -1, 0
	for i := range v.Fields {
		f := &v.Fields[i].Value
		if f.Type != datasource.TypeArray {
			continue
		}
		if n >= 0 && len(f.Items) != n {
			return nil
		}
		n, columns = len(f.Items), columns+1
	}
	if columns < 2 {
		return nil
	}
	rows := make([]row, n)
	for k := range rows {
		o := datasource.Value{Type: datasource.TypeObject}
		for i := range v.Fields {
			if f := &v.Fields[i]; f.Value.Type == datasource.TypeArray {
				o.Fields = append(o.Fields, datasource.Field{Name: f.Name, Value: f.Value.Items[k]})
			}
		}
		rows[k].value = o
	}
	return rows
}

// noSeries is the error of a sorted set whose scores are no times.
func noSeries(score float64) error {
	return fmt.Errorf("no series: the scores are not times (%s); show it as a table", datasource.NumberFromFloat(score))
}

var errNoTime = errors.New("no point has a time (set series: {time: …, value: …})")

// finite reports whether f is a number.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
