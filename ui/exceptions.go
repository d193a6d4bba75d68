package ui

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/ui/chrome"
)

const waitingFor = "waiting for "

// exceptions says in a few words what is not plain: "2 flags on the API,
// 1 quote stale". It is "" when everything is live and spoken of. Worst things
// first; what is live, but on a channel that is silent past its rhythm, last.
func exceptions(snap *datasource.Snapshot) string {
	counts := snap.Worst()
	total := 0
	for s, n := range counts {
		if datasource.State(s) != datasource.StateLive && datasource.State(s) != datasource.StateLoading {
			total += n
		}
	}
	quiet := 0
	for i := range snap.Len() {
		if _, e := snap.Nth(i); silent(e) {
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
			parts = append(parts, named(snap, func(e *entry) bool { return e.State == s }, counts[s])+" "+stateWords[s])
		}
	}
	if quiet > 0 {
		parts = append(parts, named(snap, silent, quiet)+" silent")
	}
	return strings.Join(parts, ", ")
}

var stateWords = [...]string{
	datasource.StateFallback: "on the API", datasource.StateStale: "stale",
	datasource.StateMissing: "missing", datasource.StateError: "failed",
}

// silent reports a live datum whose channel is joined and says nothing.
func silent(e *entry) bool { return e != nil && e.State == datasource.StateLive && e.Quiet }

// named names the n entries that are meant: a datum by its name, the items of
// one repeated datum by their number, anything more by its number alone.
func named(snap *datasource.Snapshot, meant func(*entry) bool, n int) string {
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
	return strconv.Itoa(n) + " " + plural(word, n)
}

// replayBanner says where a recording stands and which keys move it.
func replayBanner(r *datasource.Replay, keys *Keys) chrome.Banner {
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
	b.Text = datasource.Clean(r.At.Format("2006-01-02 15:04:05")+"   "+chrome.Clock(r.At.Sub(r.From))+" of "+
		chrome.Clock(r.To.Sub(r.From))+"   "+speed, 128)
	for _, k := range [...][2]string{{"pause", pick(r.Paused, "play", "stop")}, {"step-back", "step"}, {"seek-back", "seek"}, {"faster", "speed"}} {
		key := keys.Key(k[0])
		switch k[0] {
		case "step-back":
			key += " " + keys.Key("step")
		case "seek-back":
			key += " " + keys.Key("seek")
		case "faster":
			key += " " + keys.Key("slower")
		}
		b.Keys = append(b.Keys, chrome.Hint{Key: key, Text: k[1]})
	}
	return b
}
