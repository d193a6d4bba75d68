package hours

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, name, err string }{
		{"LON", "LON", ""},
		{" nyc ", "NYC", ""},
		{"XETRA Europe/Berlin 09:00-17:30", "XETRA", ""},
		{"ALL UTC 00:00-24:00", "ALL", ""},
		{"", "", "unknown session"},
		{"MOON", "", "one of TYO, LON"},
		{"X Nowhere/Land 09:00-17:30", "", "unknown time zone"},
		{"X UTC 17:30-09:00", "", "no hours"},
		{"X UTC 9-17", "", "no hours"},
		{"\x1b[31m UTC 09:00-10:00", "␛[31m", ""},
	} {
		s, err := Parse(c.in)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("Parse(%q): %v, want %q", c.in, err, c.err)
			}
		case err != nil:
			t.Errorf("Parse(%q): %v", c.in, err)
		case strings.ContainsRune(s.Name, 0x1b) || c.name != s.Name && !strings.Contains(c.name, "␛"):
			t.Errorf("Parse(%q) is called %q", c.in, s.Name)
		}
	}
}

func TestSession_On(t *testing.T) {
	s, err := Parse("NYC")
	if err != nil {
		t.Skip(err)
	}
	opens, _, ok := s.On(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC))
	if want := time.Date(2026, 11, 27, 14, 30, 0, 0, time.UTC); !ok || !opens.Equal(want) {
		t.Errorf("opens at %v, want %v", opens.UTC(), want)
	}
	if _, _, ok := s.On(time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC)); ok {
		t.Error("a session on a Saturday")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("LON")
	f.Add("X UTC 09:00-10:00")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := Parse(s); err == nil && (got.Zone == nil || got.Close <= got.Open) {
			t.Errorf("Parse(%q) = %+v", s, got)
		}
	})
}
