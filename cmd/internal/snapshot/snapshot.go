package snapshot

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
)

// The exit statuses of a snapshot.
const (
	AllLive = 0 // every datum is live
	Partly  = 3 // printed, but something is fallback, stale, missing or error
	Nothing = 4 // nothing could be read from any source
)

// Formats are the names of the formats, the default for a terminal first.
var Formats = []string{"text", "json", "csv"}

// Options says how a snapshot is written.
type Options struct {
	Config  string           // name of the configuration: "built-in", or its path
	Refs    []datasource.Ref // what was read, in order
	Private bool             // hide all but market data
	Now     time.Time
}

// Write writes snap in a format.
func Write(w io.Writer, format string, snap *datasource.Snapshot, o Options) error {
	if o.Private {
		snap = mask.Snapshot(snap)
	}
	switch format {
	case "json":
		return writeJSON(w, snap, o)
	case "text":
		return writeText(w, snap, o)
	case "csv":
		return writeCSV(w, snap, o)
	}
	return fmt.Errorf("unknown format %q; use json, text or csv", format)
}

// Status is the exit status for a snapshot.
func Status(snap *datasource.Snapshot) int {
	live, known := 0, 0
	for i := range snap.Len() {
		_, e := snap.Nth(i)
		if e == nil {
			continue
		}
		if e.State == datasource.StateLive {
			live++
		}
		if e.State == datasource.StateLive || e.Known() {
			known++
		}
	}
	switch {
	case live == snap.Len():
		return AllLive
	case known == 0 && !anySource(snap):
		return Nothing
	default:
		return Partly
	}
}

// anySource reports whether Redis or the API answered at all: a Redis that
// says "there is no such key" was read.
func anySource(snap *datasource.Snapshot) bool {
	for _, id := range []datasource.SourceID{datasource.SourceRedis, datasource.SourceAPI} {
		if l := snap.Sources[id].Light; l == datasource.LightUp {
			return true
		}
	}
	return false
}

// troubleText says why a datum is not live: "redis: WRONGTYPE; api: 503". Details
// that a person wants, "WRONGTYPE: expected hash, is zset", are left out of what
// scripts compare.
func troubleText(e *datasource.Entry, details bool) string {
	text := ""
	add := func(f *datasource.Fault) {
		if f == nil {
			return
		}
		if text != "" {
			text += "; "
		}
		text += f.Source.String() + ": " + faultText(f, details)
	}
	add(e.Fault)
	if e.APIFault != e.Fault {
		add(e.APIFault)
	}
	return text
}

// faultText is a fault's text: Redis' own code where there is one, then the details
// that the screen shows.
func faultText(f *datasource.Fault, details bool) string {
	if f.Class == datasource.ClassWrongType {
		if detail, ok := strings.CutPrefix(f.Error(), "wrong type: "); ok && details {
			return "WRONGTYPE: " + detail
		}
		return "WRONGTYPE"
	}
	return f.Error()
}

// entry is one datum made ready to write.
type entry struct {
	name  string
	ref   datasource.Ref
	e     *datasource.Entry // never nil
	value datasource.Value
}

func (o Options) newEntry(snap *datasource.Snapshot, i int) entry {
	name, e := snap.Nth(i)
	if e == nil {
		e = &datasource.Entry{}
	}
	x := entry{name: datasource.Clean(name, datasource.MaxCell).String(), ref: *e.Ref, e: e, value: e.Value}
	for _, r := range o.Refs {
		if r.Name == name {
			x.ref = r
		}
	}
	return x
}

func (o Options) nowOf(snap *datasource.Snapshot) time.Time {
	if o.Now.IsZero() {
		return snap.At
	}
	return o.Now
}
