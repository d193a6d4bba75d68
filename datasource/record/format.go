package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ticktop/datasource"
)

// Version is the format that is written. A reader refuses any other.
const Version = 1

// Limits of the format, for writer and reader alike.
const (
	maxLine  = 2 << 20  // bytes of one line
	maxValue = 1 << 20  // bytes of one encoded value; a bigger one is left out and says so
	maxBlock = 64 << 20 // bytes of one block, decompressed
	maxLines = 100_000  // lines in one block
	maxNames = 10_000   // data in one recording
	maxName  = 512      // bytes of a name
)

// Header is the first line of a recording.
type Header struct {
	Magic   string              `json:"ticktop"` // "recording"
	Version int                 `json:"version"`
	Created time.Time           `json:"created"` // recorded time zero
	Config  string              `json:"config,omitempty"`
	Vars    map[string][]string `json:"vars,omitempty"`    // of the dashboard that was recorded
	Private bool                `json:"private,omitempty"` // money was masked from the beginning
	Names   []string            `json:"names"`             // in the order of the configuration
}

const magic = "recording"

// line is one line after the header; exactly one of its parts is set.
type line struct {
	T     int64           `json:"t"`
	Key   bool            `json:"key,omitempty"`
	N     int             `json:"n,omitempty"`
	Entry json.RawMessage `json:"e,omitempty"`
	Src   []status        `json:"src,omitempty"`
	Event []event         `json:"ev,omitempty"`
	All   bool            `json:"all,omitempty"` // Event replaces what was there
	End   string          `json:"end,omitempty"` // why nothing follows
}

// isStep reports whether the line is one that a viewer steps to.
func (l *line) isStep() bool { return l.Entry != nil || len(l.Event) > 0 }

// parseHeader reads and checks a first line.
func parseHeader(b []byte) (Header, error) {
	var h Header
	if err := json.Unmarshal(b, &h); err != nil || h.Magic != magic {
		return h, errors.New("not a ticktop recording")
	}
	if h.Version != Version {
		return h, fmt.Errorf("recording has version %d, this ticktop reads version %d", h.Version, Version)
	}
	if len(h.Names) > maxNames {
		return h, fmt.Errorf("recording names %d data, the limit is %d", len(h.Names), maxNames)
	}
	for i, n := range h.Names {
		h.Names[i] = datasource.Clean(n, maxName).String()
	}
	return h, nil
}

// status is a datasource.Status on its line.
type status struct {
	Light     string     `json:"light"`
	RTT       int64      `json:"rtt,omitempty"`
	Rate      float64    `json:"rate,omitempty"`
	Channels  int        `json:"channels,omitempty"`
	Conflated uint64     `json:"conflated,omitempty"`
	Dropped   uint64     `json:"dropped,omitempty"`
	Since     *int64     `json:"since,omitempty"`
	Fault     *faultJSON `json:"fault,omitempty"`
}

func packStatus(s *datasource.Status, t time.Time) status {
	return status{Light: s.Light.String(), RTT: int64(s.RTT), Rate: s.Rate, Channels: s.Channels,
		Conflated: s.Conflated, Dropped: s.Dropped, Since: packTime(s.Since, t), Fault: packFault(s.Fault, t)}
}

func (s *status) unpack(t time.Time) datasource.Status {
	out := datasource.Status{RTT: time.Duration(s.RTT), Rate: s.Rate, Channels: s.Channels,
		Conflated: s.Conflated, Dropped: s.Dropped, Since: unpackTime(s.Since, t), Fault: s.Fault.unpack(t)}
	for l := datasource.LightIdle; l <= datasource.LightOff; l++ {
		if l.String() == s.Light {
			out.Light = l
		}
	}
	return out
}

// event is a datasource.Event on its line.
type event struct {
	At      int64  `json:"at"`
	Subject string `json:"subject,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Text    string `json:"text,omitempty"`
	Level   string `json:"level"`
}

func packEvent(e *datasource.Event, t time.Time) event {
	return event{At: int64(e.At.Sub(t)), Subject: e.Subject.String(), From: e.From.String(), To: e.To.String(),
		Text: e.Text.String(), Level: e.Level.String()}
}

func (e *event) unpack(t time.Time) datasource.Event {
	level, _ := datasource.ParseLevel(e.Level)
	return datasource.Event{At: t.Add(time.Duration(e.At)), Subject: safeText(e.Subject), From: safeText(e.From),
		To: safeText(e.To), Text: safeText(e.Text), Level: level}
}

// faultJSON is a datasource.Fault on its line, without its cause.
type faultJSON struct {
	Class  string `json:"class"`
	Source string `json:"source"`
	Text   string `json:"text,omitempty"`
	Hint   string `json:"hint,omitempty"`
	Retry  *int64 `json:"retry,omitempty"`
}

func packFault(f *datasource.Fault, t time.Time) *faultJSON {
	if f == nil {
		return nil
	}
	return &faultJSON{Class: f.Class.String(), Source: f.Source.String(), Text: f.Text.String(), Hint: f.Hint.String(), Retry: packTime(f.RetryAt, t)}
}

func (f *faultJSON) unpack(t time.Time) *datasource.Fault {
	if f == nil {
		return nil
	}
	out := &datasource.Fault{Text: safeText(f.Text), Hint: safeText(f.Hint), RetryAt: unpackTime(f.Retry, t), Source: parseSource(f.Source)}
	for c := datasource.ClassUnknown; c <= datasource.ClassSwitching; c++ {
		if c.String() == f.Class {
			out.Class = c
		}
	}
	return out
}

func parseSource(s string) datasource.SourceID {
	for id := range datasource.NumSources {
		if id.String() == s {
			return id
		}
	}
	return datasource.SourceRedis
}

// packTime is a time relative to its line's; nil for the zero time.
func packTime(at, t time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	d := int64(at.Sub(t))
	return &d
}

func unpackTime(d *int64, t time.Time) time.Time {
	if d == nil {
		return time.Time{}
	}
	return t.Add(time.Duration(*d))
}

func safeText(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }
