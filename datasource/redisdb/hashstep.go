package redisdb

import (
	"strconv"
	"time"

	"github.com/ncruces/go-strftime"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// decodeStepFields is how a hash of time → value writes the times that are its fields.
type stepFields struct {
	unit   time.Duration // epoch times count this; 0: format is used
	format string        // strftime
	zone   *time.Location
}

// maxSteps bounds the fields that are asked for by name.
const maxSteps = 1000

// stepFormats are tried if the configuration names no format.
var stepFormats = [...]string{"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M",
	"%Y%m%d_%H%M", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d", "%Y%m%d"}

// learnStep finds out from a few fields how the times are written.
func (d *decoder) learnStep(fields []datasource.RawField, it *item, raw *datasource.Raw) error {
	ref := it.req.Ref
	for _, f := range fields {
		if how := stepFieldsOf(f.Name, ref); how != nil {
			d.c.memory.setStep(ref.ID(), how)
			it.step = how
			return retry(modeStep)
		}
	}
	if len(fields) == 0 {
		raw.Missing = true
		return nil
	}
	return newFault(datasource.SourceRedis, datasource.ClassDecode, "unreadable: field "+strconv.Quote(fields[0].Name)+" is no time",
		"step: is for hashes of time → value; set time_format:", nil)
}

func stepFieldsOf(name string, ref *datasource.Ref) *stepFields {
	zone := time.UTC
	if ref.Shape.Zone != "" {
		if loc, err := time.LoadLocation(ref.Shape.Zone); err == nil {
			zone = loc
		}
	}
	if f := ref.Shape.TimeFormat; f != "" {
		return &stepFields{format: f, zone: zone}
	}
	if n, err := strconv.ParseInt(name, 10, 64); err == nil && (len(name) == 10 || len(name) == 13 || len(name) == 16 || len(name) == 19) {
		unit, ok := datasource.EpochUnit(float64(n))
		if !ok {
			return nil
		}
		return &stepFields{unit: unit}
	}
	for _, format := range stepFormats {
		if t, err := strftime.Parse(format, name); err == nil && strftime.Format(format, t) == name {
			return &stepFields{format: format, zone: zone}
		}
	}
	return nil
}

// fieldName returns the field of a time.
func (s *stepFields) fieldName(t time.Time) string {
	if s.unit > 0 {
		return strconv.FormatInt(t.UnixNano()/int64(s.unit), 10)
	}
	return strftime.Format(s.format, t.In(s.zone))
}

// stepArgs asks for the newest fields of a hash of time → value by their names.
func (it *item) stepArgs() []any {
	ref := it.req.Ref
	step := ref.Shape.Series.Step
	n := ref.Keep
	if n <= 0 {
		n = datasource.DefaultKeep
	}
	if ref.Window > 0 {
		n = int(ref.Window/step) + 1
	}
	n = min(n, maxSteps)
	args := make([]any, 0, n+2)
	args = append(args, cmdHMGet, it.key)
	it.askedFields = it.askedFields[:0]
	for t, i := time.Now().Truncate(step), 0; i < n; i++ {
		name := it.step.fieldName(t.Add(-time.Duration(i) * step))
		args = append(args, name)
		it.askedFields = append(it.askedFields, name)
	}
	return args
}

// decodeStepFields reads HMGET: the fields that are there, oldest first.
func (d *decoder) decodeStepFields(r *resp.Reader, it *item, raw *datasource.Raw) error {
	n, err := r.Array()
	if err != nil || n != len(it.askedFields) {
		return orBad(err)
	}
	fields := d.allocFields(n)[:n]
	kept := n
	for i := range n {
		value, ok, err := r.Bytes()
		switch {
		case err != nil:
			return err
		case len(value) > datasource.MaxValueBytes:
			return fieldTooBig(it.askedFields[i], len(value))
		case ok:
			kept--
			fields[kept] = datasource.RawField{Name: it.askedFields[i], Value: value}
		}
	}
	raw.Fields = fields[kept:]
	return nil
}

func (m *memory) setStep(id datasource.ID, how *stepFields) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.steps == nil || len(m.steps) > maxRemembered {
		m.steps = map[datasource.ID]*stepFields{}
	}
	m.steps[id] = how
}
