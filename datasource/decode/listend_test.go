package decode

import (
	"fmt"
	"testing"
	"time"

	"ticktop/datasource"
)

// TestNewestEnd: which end of a list is newest, by what its items say.
func TestNewestEnd(t *testing.T) {
	at := time.Date(2026, 11, 27, 18, 0, 1, 0, time.UTC)
	for _, c := range []struct{ name, form string }{
		{"case 1: text after an ISO time", "%[1]s line"},
		{"case 1: JSON", `{"ts":%[2]d,"text":"x"}`},
		{"case 1: ISO time in brackets, fraction with a comma", "[%[3]s,123: INFO/Main] x"},
		{"log of Python", "%[3]s,123 - desk - INFO - x"},
		{"log of Go", "%[4]s desk: x"},
		{"logfmt", "level=info ts=%[1]s msg=x"},
		{"syslog", "%[5]s host desk[1]: x"},
		{"web server", `127.0.0.1 - - [%[6]s] "GET /"`},
		{"epoch in front", "%[2]d filled"},
		{"date and minutes", "%[7]s x"},
		{"time of an unusual name", `{"eventTime":%[2]d}`},
		{"text time of an unusual name", `{"when":"%[1]s"}`},
		{"pairs", `[%[2]d,1.5]`},
		{"lines without a time between", "\tat desk.py"},
	} {
		line := func(i int) []byte {
			u := at.Add(time.Duration(i) * time.Minute)
			if c.name == "lines without a time between" && i != 2 {
				return []byte(c.form)
			}
			form := c.form
			if c.name == "lines without a time between" {
				form = "%[1]s x"
			}
			return fmt.Appendf(nil, form+"%.0[8]s", u.Format(time.RFC3339), u.Unix(), u.Format("2006-01-02 15:04:05"), u.Format("2006/01/02 15:04:05"),
				u.Format("Jan _2 15:04:05"), u.Format("02/Jan/2006:15:04:05 -0700"), u.Format("2006-01-02 15:04"), "")
		}
		var up, down [][]byte
		for i := range 6 {
			up, down = append(up, line(i)), append(down, line(5-i))
		}
		wantUp, wantDown := datasource.EndLast, datasource.EndFirst
		if c.name == "lines without a time between" { // one time alone does not tell
			wantUp, wantDown = datasource.EndUnknown, datasource.EndUnknown
		}
		ref := datasource.Ref{Kind: datasource.KindList}
		if got := NewestEnd(&ref, up); got != wantUp {
			t.Errorf("%s, pushed at the right: %v, want %v (%s)", c.name, got, wantUp, up[0])
		}
		if got := NewestEnd(&ref, down); got != wantDown {
			t.Errorf("%s, pushed at the left: %v, want %v", c.name, got, wantDown)
		}
	}
	newYear := [][]byte{[]byte("Dec 31 23:59:59 host x"), []byte("Jan  1 00:00:01 host y")}
	if got := NewestEnd(&datasource.Ref{Kind: datasource.KindList}, newYear); got != datasource.EndLast {
		t.Errorf("over the new year: %v", got)
	}
	for _, plain := range [][]string{{"line 1", "line 2"}, {"2026-11-27T18:00:00Z x"}, {"2026-11-27 a", "2026-11-27 b"}, {`{"volume":1500000000}`, `{"volume":1600000000}`}, {"12", "13"}, {}} {
		var items [][]byte
		for _, s := range plain {
			items = append(items, []byte(s))
		}
		if got := NewestEnd(&datasource.Ref{Kind: datasource.KindList}, items); got != datasource.EndUnknown {
			t.Errorf("%q tells %v", plain, got)
		}
	}
}

func FuzzLineTime(f *testing.F) {
	f.Add("2026-11-27T18:00:01.5+01:00 x")
	f.Add("[27/Nov/2026:18:00:01 +0000]")
	f.Add("Nov  7 18:00:01 host")
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := lineTime(s); ok && (at.Before(minStamp) || at.After(maxStamp)) {
			t.Errorf("%q is %v", s, at)
		}
	})
}
