package snapshot

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// writeCSV writes one line for each datum and field: an object's fields have
// lines of their own, anything deeper is JSON in its cell. Times are those of
// the contract: milliseconds.
func writeCSV(w io.Writer, snap *datasource.Snapshot, o Options) error {
	now := o.nowOf(snap)
	out := csv.NewWriter(w)
	if err := out.Write([]string{"name", "field", "value", "kind", "key", "state", "origin", "age_ms", "ttl_ms", "error"}); err != nil {
		return err
	}
	for i := range snap.Len() {
		x := o.newEntry(snap, i)
		tail := []string{x.ref.Kind.String(), defuseFormula(datasource.Clean(x.ref.Key, datasource.MaxCell).String()), x.e.State.String(), "", "", "", defuseFormula(troubleText(x.e, true))}
		if x.e.Known() {
			tail[3] = x.e.Origin.String()
			if age, ok := x.e.ValueAge(now); ok {
				tail[4] = strconv.FormatInt(age.Milliseconds(), 10)
			}
			if left, ok := x.e.TTL(now); ok {
				tail[5] = strconv.FormatInt(left.Milliseconds(), 10)
			}
		}
		for _, f := range fieldCells(x.value) {
			if err := out.Write(append([]string{defuseFormula(x.name), defuseFormula(f[0]), defuseFormula(f[1])}, tail...)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// fieldCells returns field and value for each line of a datum; at least one.
func fieldCells(v datasource.Value) [][2]string {
	if v.Type != datasource.TypeObject || len(v.Fields) == 0 {
		return [][2]string{{"", plainText(&v)}}
	}
	var out [][2]string
	for i := range v.Fields {
		out = append(out, [2]string{v.Fields[i].Name.String(), plainText(&v.Fields[i].Value)})
	}
	return out
}

// plainText is a value without quotes where it has no structure.
func plainText(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeNone, datasource.TypeNull:
		return ""
	case datasource.TypeText:
		return v.Text.String()
	default:
		return string(decode.AppendJSON(nil, v))
	}
}

// defuseFormula keeps a spreadsheet from running a text that looks like one, in any
// column: anyone that writes to Redis chooses the names of fields, too. A number,
// also a negative one, stays as it is.
func defuseFormula(s string) string {
	switch first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u3000")); first {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠':
		if _, ok := datasource.ParseNumber(s); !ok {
			return "'" + s
		}
	}
	return s
}
