package redisdb

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"

	"ticktop/datasource"
)

// joinedDatum is one datum out of several keys.
type joinedDatum struct {
	request   int // its request
	firstPart int // of its parts among those that are read
	fields    []datasource.Pair
}

// splitJoins returns what has to be read for requests of which some join several
// keys, and how their answers are put together; nil if no request joins keys.
func splitJoins(reqs []datasource.Request) (parts []datasource.Request, joins []joinedDatum) {
	for i := range reqs {
		if reqs[i].Ref.Join != "" {
			joins = append(joins, joinedDatum{request: i, fields: reqs[i].Ref.Join.List()})
		}
	}
	if joins == nil {
		return reqs, nil
	}
	parts = make([]datasource.Request, 0, len(reqs)+2*len(joins))
	next := 0
	for i := range reqs {
		if next == len(joins) || joins[next].request != i {
			parts = append(parts, reqs[i])
			continue
		}
		joins[next].firstPart = len(parts)
		for _, f := range joins[next].fields {
			key := ""
			if len(f.Values) > 0 {
				key = f.Values[0]
			}
			parts = append(parts, datasource.Request{Ref: &datasource.Ref{Name: reqs[i].Ref.Name, Kind: datasource.KindString, Key: key}, Since: math.Inf(-1)})
		}
		next++
	}
	return parts, joins
}

// mergeJoins returns the answers to the requests themselves.
func mergeJoins(reqs []datasource.Request, raws []datasource.Raw, joins []joinedDatum) []datasource.Raw {
	if joins == nil {
		return raws
	}
	out := make([]datasource.Raw, 0, len(reqs))
	from := 0
	for _, j := range joins {
		out = append(out, raws[from:from+j.request-len(out)]...)
		from = j.firstPart + len(j.fields)
		out = append(out, j.merge(*reqs[j.request].Ref, raws[j.firstPart:from]))
	}
	return append(out, raws[from:]...)
}

// merge makes one answer of the parts: the state of the worst, the TTL of the
// shortest, the age of the oldest.
func (j *joinedDatum) merge(ref datasource.Ref, parts []datasource.Raw) datasource.Raw {
	out := datasource.Raw{Ref: &ref, TTL: datasource.NoTTL}
	for i := range parts {
		p := &parts[i]
		switch {
		case p.Err != nil && out.Err == nil:
			out.Err = p.Err
		case p.Missing:
			out.Missing = true
		}
		if out.At.IsZero() || p.At.Before(out.At) {
			out.At = p.At
		}
		if p.TTL >= 0 && (out.TTL < 0 || p.TTL < out.TTL) {
			out.TTL = p.TTL
		}
		out.Fields = append(out.Fields, datasource.RawField{Name: j.fields[i].Name, Value: p.Bytes})
	}
	if out.Err != nil || out.Missing {
		out.Fields = nil
	} else if ref.Kind.Info().Payload == datasource.PayloadBytes {
		out.Bytes, out.Fields = objectOf(out.Fields), nil
	}
	return out
}

// objectOf writes fields as a JSON object: JSON as it is, all else as text.
func objectOf(fields []datasource.RawField) []byte {
	b := []byte{'{'}
	for i := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, fields[i].Name), ':')
		switch v := fields[i].Value; {
		case json.Valid(v):
			b = append(b, v...)
		case utf8.Valid(v):
			text, _ := json.Marshal(string(v)) // text always encodes
			b = append(b, text...)
		default:
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}
