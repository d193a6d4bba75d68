package scene

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
)

const waitingFor = "waiting for "

// problemsText says in a few words what is not live: "2 flags on the API, 1 quote
// stale". It is "" when every datum is live. Worst things first; what is live,
// but on a channel that has been silent for too long, last.
func problemsText(snap *datasource.Snapshot) string {
	counts := snap.Worst()
	for i := range snap.Len() {
		if _, e := snap.Nth(i); isAbsent(e) {
			counts[datasource.StateMissing]--
		}
	}
	total := 0
	for s, n := range counts {
		if datasource.State(s) != datasource.StateLive && datasource.State(s) != datasource.StateLoading {
			total += n
		}
	}
	quiet := 0
	for i := range snap.Len() {
		if _, e := snap.Nth(i); Silent(e) {
			quiet++
		}
	}
	if total+quiet == 0 {
		if n := counts[datasource.StateLoading]; n > 0 {
			return waitingFor + strconv.Itoa(n) + " of " + strconv.Itoa(snap.Len())
		}
		return ""
	}
	var parts []string
	for _, s := range [...]datasource.State{datasource.StateError, datasource.StateMissing, datasource.StateStale, datasource.StateFallback} {
		if counts[s] > 0 {
			parts = append(parts, countedName(snap, func(e *datasource.Entry) bool { return e.State == s && !isAbsent(e) }, counts[s])+" "+stateWords[s])
		}
	}
	if quiet > 0 {
		parts = append(parts, countedName(snap, Silent, quiet)+" silent")
	}
	return strings.Join(parts, ", ")
}

var stateWords = [...]string{
	datasource.StateFallback: "on the API", datasource.StateStale: "stale",
	datasource.StateMissing: "missing", datasource.StateError: "failed",
}

// isAbsent reports whether a datum is not there and need not be.
func isAbsent(e *datasource.Entry) bool {
	return e != nil && e.Ref.Optional && e.State == datasource.StateMissing
}

// Silent reports a live datum whose channel is subscribed and says nothing.
func Silent(e *datasource.Entry) bool { return e != nil && e.State == datasource.StateLive && e.Quiet }

// countedName names the n entries that are meant: a datum by its name, the items of
// one repeated datum by their number, anything more by its number alone.
func countedName(snap *datasource.Snapshot, meant func(*datasource.Entry) bool, n int) string {
	group, one := "", true
	for i := range snap.Len() {
		name, e := snap.Nth(i)
		if e == nil || !meant(e) {
			continue
		}
		if n == 1 && datasource.Item(name) == "" {
			return name
		}
		if g := datasource.Group(name); group == "" {
			group = g
		} else if g != group {
			one = false
		}
	}
	word := "value"
	if one {
		word = group
	}
	return strconv.Itoa(n) + " " + Plural(word, n)
}

func pauseWord(paused bool) string {
	if paused {
		return "play"
	}
	return "stop"
}

// replayBanner says where a recording stands and which keys move it.
func replayBanner(r *datasource.Replay, keys *keymap.Map) chrome.Banner {
	b := chrome.Banner{Mark: "REPLAY"}
	if r == nil {
		return b
	}
	speed := strconv.FormatFloat(r.Speed, 'g', 3, 64) + "×"
	switch {
	case r.Done:
		speed = "at the end"
	case r.Paused:
		speed = "stopped"
	}
	b.Text = datasource.Clean(r.At.Format("2006-01-02 15:04:05")+"   "+format.Stopwatch(r.At.Sub(r.From))+" of "+
		format.Stopwatch(r.To.Sub(r.From))+"   "+speed, 128)
	for _, k := range [...]struct {
		action keymap.Action
		text   string
	}{{keymap.Pause, pauseWord(r.Paused)}, {keymap.StepBack, "step"}, {keymap.SeekBack, "seek"}, {keymap.Faster, "speed"}} {
		key := keys.Key(k.action)
		switch k.action {
		case keymap.StepBack:
			key += " " + keys.Key(keymap.Step)
		case keymap.SeekBack:
			key += " " + keys.Key(keymap.Seek)
		case keymap.Faster:
			key += " " + keys.Key(keymap.Slower)
		}
		b.Keys = append(b.Keys, chrome.Hint{Key: key, Text: k.text})
	}
	return b
}
