package record

import (
	"bytes"
	"encoding/json"
	"fmt"

	"ticktop/datasource"
)

func (r *Recorder) recordEntries(s *datasource.Snapshot) error {
	for i := range min(s.Len(), len(r.entries)) {
		name, e := s.Nth(i)
		if e == nil || r.entries[i] != nil && r.entries[i].Rev == e.Rev && sameTimes(r.entries[i], e) {
			continue
		}
		written, kept, err := r.putEntry(s, i, e)
		if err != nil {
			return fmt.Errorf("record %s: %w", name, err)
		}
		if written {
			r.entries[i] = kept
		}
	}
	return nil
}

// putEntry writes entry number i. Its line is put together here because
// package json would look through the value a second time.
func (r *Recorder) putEntry(s *datasource.Snapshot, i int, e *datasource.Entry) (written bool, kept *datasource.Entry, err error) {
	packed, kept := packEntry(e, r.entries[i], s.At)
	var b bytes.Buffer
	b.Write(fmt.Appendf(nil, `{"t":%d,"n":%d,"e":`, r.elapsed(s), i))
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a value may not grow by being recorded
	if err := enc.Encode(packed); err != nil {
		return false, nil, err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	b.WriteString("}\n")
	if b.Len() > maxLine {
		return false, nil, nil // values are bounded well below; only an absurd key gets here
	}
	return true, kept, r.write(b.Bytes())
}

// sameTimes compares what can change without a new revision.
func sameTimes(a, b *datasource.Entry) bool {
	return a.At.Equal(b.At) && a.Expires.Equal(b.Expires) && a.Changed.Equal(b.Changed)
}

// recordSources writes the sources when one changed; figures alone once a
// second.
func (r *Recorder) recordSources(s *datasource.Snapshot, key bool) error {
	if s.Sources == r.sources && !key {
		return nil
	}
	figures := true
	for i := range s.Sources {
		a, b := s.Sources[i], r.sources[i]
		figures = figures && a.Light == b.Light && a.Fault == b.Fault && a.Channels == b.Channels && a.Dropped == b.Dropped
	}
	if figures && !key && s.At.Sub(r.srcAt) < statusEvery {
		return nil
	}
	r.sources, r.srcAt = s.Sources, s.At
	l := line{T: r.elapsed(s)}
	for i := range s.Sources {
		l.Src = append(l.Src, packStatus(&s.Sources[i], s.At))
	}
	return r.writeLine(&l)
}

// recordEvents writes the events after the last one known; all in a keyframe.
func (r *Recorder) recordEvents(s *datasource.Snapshot, key bool) error {
	events := s.Events
	if known := r.last.Events; !key && len(known) > 0 {
		newest := known[len(known)-1]
		for i := len(events) - 1; i >= 0; i-- {
			if events[i] == newest {
				events = events[i+1:]
				break
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	l := line{T: r.elapsed(s), All: key}
	for i := range events {
		l.Event = append(l.Event, packEvent(&events[i], s.At))
	}
	return r.writeLine(&l)
}
