package widgettest

import (
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// TestExamine: the instrument finds what it is for.
func TestExamine(t *testing.T) {
	for _, c := range []struct{ picture, want string }{
		{"ab\ncd", ""},
		{"\x1b[0;1mab\x1b[m\ncd", ""},
		{"日\ncd", ""},
		{"ab", "1 lines, want 2"},
		{"ab\nc", "line 1 is 1 cells wide"},
		{"ab\n\x1b[0;1mcd", "line 1 leaves a style on"},
		{"ab\n\x1b[1mcd\x1b[m", "line 1: control character U+001B"}, // does not reset first
		{"ab\n\x1b[2Jcd", "control character"},
		{"ab\n\x1b]0;x\acd", "control character"},
		{"ab\nc\rd", "control character U+000D"},
		{"ab\nc\u009bd", "U+009B"},
		{"ab\n\u202ecd", "format character U+202E"},
		{"ab\nc\xff", "line 1"},
	} {
		err := Examine(c.picture, 2, 2)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.picture, err, c.want)
		}
	}
}

// TestRawHostileTextIsFound: what Clean keeps out would be noticed.
func TestRawHostileTextIsFound(t *testing.T) {
	found := 0
	for _, c := range hostile.Texts() {
		if err := checkHarmless(c.In); err != nil {
			found++
		}
		if err := checkHarmless(datasource.Clean(c.In, datasource.MaxCell).String()); err != nil {
			t.Errorf("%s: %v after Clean", c.Name, err)
		}
	}
	if found < 30 {
		t.Errorf("only %d of the bad inputs are noticed", found)
	}
}

func TestBlank(t *testing.T) {
	if !Blank("╭──╮\n│  │\n╰──╯") || Blank("╭──╮\n│ 1│\n╰──╯") {
		t.Error("Blank does not see the difference")
	}
}

func TestDiff(t *testing.T) {
	if Diff("a\nb", "a\nb") != "" {
		t.Error("equal pictures differ")
	}
	if d := Diff("a\n\x1b[0;1mb\x1b[m", "a\nb"); !strings.Contains(d, `\x1b[0;1m`) {
		t.Errorf("a difference in style is not shown: %s", d)
	}
}

func TestStatesOfTheDesk(t *testing.T) {
	for _, s := range States() {
		d := Desk(s)
		for i := range d.Len() {
			name, e := d.Nth(i)
			known := s == datasource.StateLive || s == datasource.StateFallback || s == datasource.StateStale
			if e.State != s || e.Known() != known {
				t.Errorf("%s: state %v, known %v, want %v", name, e.State, e.Known(), s)
			}
		}
	}
}
