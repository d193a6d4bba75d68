package redisdb

import (
	"math"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/redisdb/resp"
)

// fieldTooBig is the fault of one value inside a datum over the limit.
func fieldTooBig(name string, n int) *datasource.Fault {
	return newFault(datasource.SourceRedis, datasource.ClassTooBig, "too big ("+name+" has "+format.Bytes(int64(n))+")", "", nil)
}

func (d *decoder) decodeString(r *resp.Reader, it *item, raw *datasource.Raw) error {
	b, ok, err := r.Bytes()
	switch {
	case err != nil:
		return err
	case len(b) > datasource.MaxValueBytes:
		return retry(modeMeasure)
	case !ok:
		raw.Missing = true // GET of a key that ended between the two commands
	}
	raw.Bytes = b
	return nil
}

func (d *decoder) decodeHash(r *resp.Reader, it *item, raw *datasource.Raw) error {
	switch it.mode {
	case modeStep:
		return d.decodeStepFields(r, it, raw)
	case modeRead, modeLearn:
		if n, err := r.Array(); err != nil || n != 2 {
			return orBad(err)
		}
		cursor, _, err := r.Bytes()
		if err != nil {
			return err
		}
		if string(cursor) != "0" && it.mode == modeRead {
			return retry(modeMeasure)
		}
	}
	fields, err := d.decodeFields(r)
	if err != nil {
		return err
	}
	if it.mode == modeLearn {
		return d.learnStep(fields, it, raw)
	}
	if len(fields) > datasource.MaxFields {
		return retry(modeMeasure)
	}
	raw.Fields = fields
	return nil
}

// decodeFields reads names and values in turn.
func (d *decoder) decodeFields(r *resp.Reader) ([]datasource.RawField, error) {
	n, err := r.Array()
	if err != nil || n%2 != 0 {
		return nil, orBad(err)
	}
	fields := d.allocFields(n / 2)
	for range n / 2 {
		name, _, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		value, _, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		f := datasource.RawField{Name: d.name(name), Value: value}
		if len(value) > datasource.MaxValueBytes {
			return nil, fieldTooBig(f.Name, len(value))
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// decodeSeries reads members oldest first.
func (d *decoder) decodeSeries(r *resp.Reader, it *item, raw *datasource.Raw) error {
	members, err := readMembers(r)
	if err != nil {
		return err
	}
	if it.mode != modeNewer {
		slices.Reverse(members)
		return d.trimSeries(members, it, raw)
	}
	return d.newerMembers(members, it, raw)
}

// newerMembers takes in the members from the last known score on. They begin
// with those at that score: when they are not those of the last poll, the whole
// window is read instead.
func (d *decoder) newerMembers(members []datasource.RawMember, it *item, raw *datasource.Raw) error {
	known := 0
	for known < len(members) && members[known].Score == it.req.Since {
		known++
	}
	if known == 0 || sumMembers(members[:known]) != d.c.memory.sumOfTail(it) || len(members) > datasource.MaxMembers {
		return retry(modeRead)
	}
	raw.Since, raw.Members = it.req.Since, members[known:]
	if len(raw.Members) > 0 {
		d.c.memory.setTail(it, tailOf(members))
	}
	return nil
}

// trimSeries trims a whole series to what was asked for, and refuses one that does
// not fit.
func (d *decoder) trimSeries(members []datasource.RawMember, it *item, raw *datasource.Raw) error {
	ref := it.req.Ref
	if ref.Window > 0 {
		members = trimWindow(members, ref.Window, d.at)
	}
	if len(members) > datasource.MaxMembers {
		if ref.Window <= 0 {
			return retry(modeMeasure)
		}
		f := tooBig("over " + format.Counted(datasource.MaxMembers, "member"))
		f.Hint = datasource.Clean("set keep: or a shorter window:", maxFaultText)
		return f
	}
	raw.Since, raw.Members = math.Inf(-1), slices.Clip(members)
	d.c.memory.setTail(it, tailOf(members))
	return nil
}

// trimWindow drops what is older than the window, which ends at the newest
// member that has a time, but never after now. Members at ±inf stay. Scores in
// several units are not in the order of time: they stay, for the decoder to tell
// apart.
func trimWindow(members []datasource.RawMember, window time.Duration, now time.Time) []datasource.RawMember {
	if mixedUnits(members) {
		return members
	}
	newest := math.NaN()
	for i := len(members) - 1; i >= 0 && math.IsNaN(newest); i-- {
		if !math.IsInf(members[i].Score, 0) {
			newest = members[i].Score
		}
	}
	span, ok := scoreOf(window, newest)
	if !ok {
		return members
	}
	if clock, ok := scoreOf(time.Duration(now.UnixNano()), newest); ok {
		newest = min(newest, clock)
	}
	first := 0
	for first < len(members) && members[first].Score < newest-span {
		first++
	}
	return members[first:]
}

// mixedUnits reports whether the scores are times in several units: some
// producers write seconds here and milliseconds there.
func mixedUnits(members []datasource.RawMember) bool {
	if len(members) < 2 {
		return false
	}
	low, ok := datasource.EpochUnit(members[0].Score)
	high, fine := datasource.EpochUnit(members[len(members)-1].Score)
	return ok && fine && low != high // they are in order
}

// readMembers reads WITHSCORES in both shapes: flat in RESP2, pairs in RESP3.
func readMembers(r *resp.Reader) ([]datasource.RawMember, error) {
	n, err := r.Array()
	if err != nil || n == 0 {
		return nil, err
	}
	pairs := r.AtArray()
	if !pairs {
		if n%2 != 0 {
			return nil, resp.ErrBad
		}
		n /= 2
	}
	members := make([]datasource.RawMember, n)
	for i := range members {
		if pairs {
			if two, err := r.Array(); err != nil || two != 2 {
				return nil, orBad(err)
			}
		}
		if members[i].Member, _, err = r.Bytes(); err != nil {
			return nil, err
		}
		if members[i].Score, err = r.Float(); err != nil {
			return nil, err
		}
		if len(members[i].Member) > datasource.MaxValueBytes {
			return nil, fieldTooBig("a member", len(members[i].Member))
		}
	}
	return members, nil
}

func (d *decoder) decodeList(r *resp.Reader, it *item, raw *datasource.Raw) error {
	raw.Newest = it.req.Newest
	if it.counted {
		if n, err := resp.NewReader(it.count.bytes()).Int(); err == nil {
			raw.Count = int(n)
		}
	}
	return readItems(r, raw)
}

// decodeSet reads SSCAN or SMEMBERS.
func (d *decoder) decodeSet(r *resp.Reader, it *item, raw *datasource.Raw) error {
	if it.mode == modeRead {
		if n, err := r.Array(); err != nil || n != 2 {
			return orBad(err)
		}
		cursor, _, err := r.Bytes()
		if err != nil {
			return err
		}
		if string(cursor) != "0" {
			return retry(modeMeasure)
		}
	}
	if err := readItems(r, raw); err != nil {
		return err
	}
	if len(raw.Items) > datasource.MaxMembers {
		return retry(modeMeasure)
	}
	return nil
}

func readItems(r *resp.Reader, raw *datasource.Raw) error {
	n, err := r.Array()
	if err != nil {
		return err
	}
	raw.Items = make([][]byte, n)
	for i := range raw.Items {
		if raw.Items[i], _, err = r.Bytes(); err != nil {
			return err
		}
		if len(raw.Items[i]) > datasource.MaxValueBytes {
			return fieldTooBig("an item", len(raw.Items[i]))
		}
	}
	return nil
}

func (d *decoder) decodeStream(r *resp.Reader, it *item, raw *datasource.Raw) error {
	n, err := r.Array()
	if err != nil {
		return err
	}
	raw.Entries = make([]datasource.RawEntry, n)
	for i := range raw.Entries {
		if two, err := r.Array(); err != nil || two != 2 {
			return orBad(err)
		}
		id, _, err := r.Bytes()
		if err != nil {
			return err
		}
		fields, err := d.decodeFields(r)
		if err != nil {
			return err
		}
		raw.Entries[i] = datasource.RawEntry{ID: string(id), Fields: fields}
	}
	return nil
}

func orBad(err error) error {
	if err != nil {
		return err
	}
	return resp.ErrBad
}
