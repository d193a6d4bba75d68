package snapshot

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
)

// The widths of the text format; longer text is cut with "…".
const (
	maxName  = 28
	maxLabel = 24
	maxValue = 60
	rowLimit = 12 // rows of an array, messages of a feed
)

// writeText writes what a person reads: a head with the sources, then each
// datum with its state where that is not live. There are no escape codes in
// it, and no line is longer than a terminal is usually wide.
func writeText(w io.Writer, snap *datasource.Snapshot, o Options) error {
	now := o.nowOf(snap)
	var b bytes.Buffer
	fmt.Fprintf(&b, "ticktop  %s  %s\n", now.Format("2006-01-02 15:04:05"), datasource.Clean(o.Config, 200).String())
	for id := range datasource.NumSources {
		fmt.Fprintf(&b, "%-8s %s\n", id, sourceLine(id, &snap.Sources[id]))
	}
	for i := 0; i < snap.Len(); {
		b.WriteByte('\n')
		rows := o.entriesOf(snap, i)
		i += len(rows)
		if len(rows) > 1 && areFlat(rows) {
			writeGroup(&b, rows, now)
			continue
		}
		for _, x := range rows {
			writeEntry(&b, x, now)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func sourceLine(id datasource.SourceID, s *datasource.Status) string {
	line := s.Light.String()
	switch {
	case id == datasource.SourcePubSub && s.Light == datasource.LightUp:
		line += fmt.Sprintf("  %d channels", s.Channels)
		if s.Channels == 1 {
			line = strings.TrimSuffix(line, "s")
		}
	case s.RTT > 0 && s.Light != datasource.LightDown:
		line += fmt.Sprintf("  %.1f ms", float64(s.RTT)/float64(time.Millisecond))
	}
	if s.Fault != nil {
		line += "  " + s.Fault.Error()
		if !s.Fault.Hint.Empty() {
			line += " (" + s.Fault.Hint.String() + ")"
		}
	}
	return line
}

// stateNote says what is not plain about a datum: "fallback, api 12 s, 48 s left".
func stateNote(e *datasource.Entry, now time.Time) string {
	marks := strings.ReplaceAll(strings.Join(e.Marks.Names(), ", "), "_", " ")
	if !e.Known() {
		marks = ""
	}
	age, known := e.ValueAge(now)
	if e.State == datasource.StateLive {
		var parts []string
		if known && age >= oldAge && !e.Stamp.IsZero() {
			parts = append(parts, draw.Age(age)+" old")
		}
		if marks != "" {
			parts = append(parts, marks)
		}
		if len(parts) == 0 {
			return ""
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	parts := []string{e.State.String()}
	if e.Known() {
		if parts = append(parts, e.Origin.String()); known {
			parts[1] += " " + draw.Age(age)
		}
		if left, ok := e.TTL(now); ok && left > 0 {
			parts = append(parts, draw.Left(left)+" left")
		}
	}
	if t := troubleText(e, true); t != "" {
		parts = append(parts, t)
	} else if !e.Why.Empty() {
		parts = append(parts, e.Why.String())
	}
	if marks != "" {
		parts = append(parts, marks)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// oldAge is the age by the producer's own time from which it is said of a live
// value, too.
const oldAge = time.Minute

// entriesOf returns the entries from i on that are items of one repeated datum, or
// the one entry at i.
func (o Options) entriesOf(snap *datasource.Snapshot, i int) []entry {
	rows := []entry{o.newEntry(snap, i)}
	group := datasource.Group(rows[0].name)
	for j := i + 1; j < snap.Len() && datasource.Item(rows[0].name) != ""; j++ {
		x := o.newEntry(snap, j)
		if datasource.Group(x.name) != group {
			break
		}
		rows = append(rows, x)
	}
	return rows
}

// areFlat reports whether the items are flat objects, or have no value.
func areFlat(rows []entry) bool {
	objects := 0
	for i := range rows {
		switch v := &rows[i].value; {
		case v.Type == datasource.TypeObject && isFlat(v):
			objects++
		case v.Type != datasource.TypeNone:
			return false
		}
	}
	return objects > 0
}

// writeGroup writes the items of a repeated datum as one table: an item a row,
// a field a column, and what is not plain about an item at its end.
func writeGroup(b *bytes.Buffer, rows []entry, now time.Time) {
	var cols []string
	for i := range rows {
		for j := range rows[i].value.Fields {
			if n := rows[i].value.Fields[j].Name.String(); !contains(cols, n) {
				cols = append(cols, n)
			}
		}
	}
	out := [][]string{append([]string{datasource.Group(rows[0].name)}, append(append([]string(nil), cols...), "")...)}
	right := make([]bool, len(cols)+2)
	for i := range rows {
		line := []string{datasource.Item(rows[i].name)}
		for j, c := range cols {
			text := ""
			if f, ok := rows[i].value.Field(c); ok {
				text = figureText(c, f)
				right[j+1] = right[j+1] || f.Type == datasource.TypeNumber
			}
			line = append(line, text)
		}
		out = append(out, append(line, stateNote(rows[i].e, now)))
	}
	alignColumns(b, out, right)
}

func writeEntry(b *bytes.Buffer, x entry, now time.Time) {
	head := func(value string) {
		line := pad(x.name, maxName) + "  " + value
		if n := stateNote(x.e, now); n != "" {
			line = strings.TrimRight(line, " ") + "  " + n
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	switch v := &x.value; v.Type {
	case datasource.TypeObject:
		if isFlat(v) && datasource.Item(x.name) != "" {
			head(pairsText(v))
			return
		}
		if rows := fieldValues(v); rows != nil {
			head(count(len(rows), "row"))
			writeTable(b, rows)
			return
		}
		head("")
		for i := range v.Fields {
			f := &v.Fields[i]
			fmt.Fprintf(b, "  %s  %s\n", pad(f.Name.String(), maxLabel), figureText(f.Name.String(), &f.Value))
		}
	case datasource.TypeArray:
		head(count(len(v.Items), "row"))
		writeTable(b, v.Items)
	case datasource.TypeMessages:
		head(count(len(v.Messages), "message"))
		for i := range min(len(v.Messages), rowLimit) {
			m := &v.Messages[i]
			at := "        "
			if !m.At.IsZero() {
				at = m.At.Format("15:04:05")
			}
			fmt.Fprintf(b, "  %s  %s\n", at, inlineText(&m.Value))
		}
	case datasource.TypeSeries:
		head(seriesText(v))
	case datasource.TypeNone:
		head("")
	default:
		head(figureText(datasource.Group(x.name), v))
	}
}

// fieldValues returns the fields of an object of objects, as a hash of orders is
// one; nil for any other.
func fieldValues(v *datasource.Value) []datasource.Value {
	var out []datasource.Value
	for i := range v.Fields {
		if f := v.Fields[i].Value; f.Type == datasource.TypeObject {
			out = append(out, f)
		}
	}
	if len(out) < len(v.Fields) {
		return nil
	}
	return out
}

// seriesText describes a sorted set: how many points, since when, and the last.
func seriesText(v *datasource.Value) string {
	last, ok := v.Last()
	if !ok {
		return "0 points"
	}
	first := v.Points[0]
	return fmt.Sprintf("%s  %s  %s to %s", datasource.NumberFromFloat(last.V), count(len(v.Points), "point"),
		first.Time().Format("15:04:05"), last.Time().Format("15:04:05"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func isFlat(v *datasource.Value) bool {
	for i := range v.Fields {
		if t := v.Fields[i].Value.Type; t == datasource.TypeObject || t == datasource.TypeArray {
			return false
		}
	}
	return true
}

// pairsText writes a small object on one line.
func pairsText(v *datasource.Value) string {
	var b strings.Builder
	for i := range v.Fields {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(v.Fields[i].Name.String() + " " + plainText(&v.Fields[i].Value))
	}
	return draw.Truncate(b.String(), maxValue+maxLabel)
}

// figureText formats a single value by what its name says it is.
func figureText(name string, v *datasource.Value) string {
	if class, _ := field.Guess(name); class == field.Time {
		if t, ok := field.TimeOf(v); ok {
			return t.Local().Format("2006-01-02 15:04:05")
		}
	}
	if v.Type == datasource.TypeNumber {
		return draw.FormatNumber(v.Num, field.Guessed(name).For(v.Num))
	}
	return inlineText(v)
}

func inlineText(v *datasource.Value) string {
	if v.Type == datasource.TypeText {
		return draw.Truncate(v.Text.String(), 100)
	}
	if v.Type == datasource.TypeObject && isFlat(v) {
		return pairsText(v)
	}
	return draw.Truncate(string(decode.AppendJSON(nil, v)), 100)
}

// writeTable writes rows of objects in columns, each as wide as its widest cell.
func writeTable(b *bytes.Buffer, items []datasource.Value) {
	var cols []string
	for i := range items {
		for j := range items[i].Fields {
			if n := items[i].Fields[j].Name.String(); !contains(cols, n) {
				cols = append(cols, n)
			}
		}
	}
	if len(cols) == 0 {
		for i := range min(len(items), rowLimit) {
			fmt.Fprintf(b, "  %s\n", inlineText(&items[i]))
		}
		return
	}
	rows := [][]string{cols}
	for i := range min(len(items), rowLimit) {
		row := make([]string, len(cols))
		for j, c := range cols {
			if f, ok := items[i].Field(c); ok {
				row[j] = figureText(c, f)
			}
		}
		rows = append(rows, row)
	}
	alignColumns(b, rows, numericColumns(items, cols))
	if left := len(items) - rowLimit; left > 0 {
		fmt.Fprintf(b, "  … %d more\n", left)
	}
}

// numericColumns tells the columns that hold numbers: they stand to the right.
func numericColumns(items []datasource.Value, cols []string) []bool {
	out := make([]bool, len(cols))
	for j, c := range cols {
		for i := range items {
			if f, ok := items[i].Field(c); ok && f.Type == datasource.TypeNumber {
				out[j] = true
			}
		}
	}
	return out
}

func alignColumns(b *bytes.Buffer, rows [][]string, right []bool) {
	width := make([]int, len(right))
	for _, row := range rows {
		for j, c := range row {
			width[j] = min(max(width[j], draw.Width(c)), maxValue)
		}
	}
	for _, row := range rows {
		line := " "
		for j, c := range row {
			c = draw.Truncate(c, width[j])
			gap := strings.Repeat(" ", width[j]-draw.Width(c))
			if right[j] {
				line += " " + gap + c
			} else {
				line += " " + c + gap
			}
			if j < len(row)-1 {
				line += " "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func pad(s string, w int) string {
	s = draw.Truncate(s, w)
	return s + strings.Repeat(" ", w-draw.Width(s))
}
