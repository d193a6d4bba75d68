package redisdb

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/redisdb/resp"
)

// jsonPath writes pick: as a path of RedisJSON, "" for the whole document.
func jsonPath(pick string) string {
	if pick == "" {
		return ""
	}
	var b strings.Builder
	b.WriteByte('$')
	for _, step := range datasource.SplitPath(pick) {
		if n, err := strconv.ParseUint(step, 10, 31); err == nil {
			b.WriteString("[" + strconv.FormatUint(n, 10) + "]")
			continue
		}
		name, _ := json.Marshal(step) // strings always encode
		b.WriteString("[" + string(name) + "]")
	}
	return b.String()
}

// decodeJSON reads a document. A path answers with an array of what it found, of which
// the first is put back where it was, so that pick: finds it there.
func (d *decoder) decodeJSON(r *resp.Reader, it *item, raw *datasource.Raw) error {
	b, ok, err := r.Bytes()
	switch {
	case err != nil:
		return err
	case !ok:
		raw.Missing = true
		return nil
	}
	if pick := it.req.Ref.Shape.Pick; pick != "" && len(b) > 0 && b[0] == '[' {
		var found []json.RawMessage
		if json.Unmarshal(b, &found) == nil {
			b = putBack(datasource.SplitPath(pick), found)
		}
	}
	if len(b) > datasource.MaxValueBytes {
		f := tooBig(format.Bytes(int64(len(b))))
		f.Hint = datasource.Clean("set pick: to read a part of the document", maxFaultText)
		d.c.memory.setOversized(it.req.Ref.ID(), oversized{until: d.at.Add(oversizedPause), fault: f})
		return f
	}
	raw.Bytes = b
	return nil
}

// putBack returns a document in which a value stands at a path.
func putBack(path []string, found []json.RawMessage) []byte {
	if len(found) == 0 {
		return []byte("{}")
	}
	b := []byte(found[0])
	for _, step := range slices.Backward(path) {
		name, _ := json.Marshal(step)
		b = slices.Concat([]byte("{"), name, []byte(":"), b, []byte("}"))
	}
	return b
}

// decodeSamples reads TS.REVRANGE, or the one sample of TS.GET, oldest first.
func (d *decoder) decodeSamples(r *resp.Reader, it *item, raw *datasource.Raw) error {
	members, err := readSamples(r, it.req.Ref.Shape.Latest)
	if err != nil {
		return err
	}
	slices.Reverse(members)
	if it.mode != modeNewer {
		return d.trimSeries(members, it, raw)
	}
	return d.newerMembers(members, it, raw)
}

func readSamples(r *resp.Reader, one bool) ([]datasource.RawMember, error) {
	n, err := r.Array()
	if err != nil || n == 0 {
		return nil, err
	}
	if one {
		m, err := readSample(r, n)
		return []datasource.RawMember{m}, err
	}
	members := make([]datasource.RawMember, n)
	for i := range members {
		parts, err := r.Array()
		if err == nil {
			members[i], err = readSample(r, parts)
		}
		if err != nil {
			return nil, err
		}
	}
	return members, nil
}

// readSample reads a time in milliseconds and a value.
func readSample(r *resp.Reader, parts int) (m datasource.RawMember, err error) {
	if parts != 2 {
		return m, resp.ErrBad
	}
	if m.Score, err = r.Float(); err != nil {
		return m, err
	}
	if math.IsInf(m.Score, 0) || math.IsNaN(m.Score) {
		return m, resp.ErrBad
	}
	m.Member, _, err = r.Bytes()
	return m, err
}

// noModule is the fault of a kind whose module the server does not have.
func noModule(k datasource.Kind, err error) *datasource.Fault {
	return newFault(datasource.SourceRedis, datasource.ClassConfig, "the server has no "+k.Info().Module+" (for "+k.String()+":)",
		"load the module, or read the data from another kind of key", err)
}
