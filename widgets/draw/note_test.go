package draw

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// in is an entry in a state, changed by the functions.
func in(s datasource.State, change ...func(*datasource.Entry)) *datasource.Entry {
	e := widgettest.In(s, "account", widgettest.Num("1")).Entry
	for _, f := range change {
		f(e)
	}
	return e
}

func TestNote(t *testing.T) {
	const (
		live, fallback, stale = datasource.StateLive, datasource.StateFallback, datasource.StateStale
		missing, failed, load = datasource.StateMissing, datasource.StateError, datasource.StateLoading
	)
	quiet := func(e *datasource.Entry) { e.Quiet, e.Changed = true, widgettest.Now.Add(-30*time.Second) }
	heard := func(e *datasource.Entry) { e.Heard = widgettest.Now.Add(-45 * time.Second) }
	justNow := func(e *datasource.Entry) { e.Changed = widgettest.Now }
	polling := func(e *datasource.Entry) { e.Why = safe("polling · pubsub: refused") }
	older := func(e *datasource.Entry) { e.At = widgettest.Now.Add(-90 * time.Second) }
	bare := func(e *datasource.Entry) { e.Why, e.Fault, e.APIFault = datasource.Safe{}, nil, nil }
	long := func(age time.Duration) func(*datasource.Entry) {
		return func(e *datasource.Entry) { e.At = widgettest.Now.Add(-age) }
	}
	noAPI := func(e *datasource.Entry) {
		e.APIFault = &datasource.Fault{Class: datasource.ClassServer, Source: datasource.SourceAPI, Text: safe("500")}
	}
	endless := func(e *datasource.Entry) { e.Expires = time.Time{} }
	over := func(e *datasource.Entry) { e.Expires = widgettest.Now.Add(-time.Second) }
	for _, c := range []struct {
		name    string
		entries []*datasource.Entry
		stamps  bool
		want    string
		role    theme.Role
	}{
		{"no data", nil, false, "", theme.Text},
		{"live", []*datasource.Entry{in(live)}, false, "", theme.Text},
		{"all live", []*datasource.Entry{in(live), in(live)}, false, "", theme.Text},
		{"api", []*datasource.Entry{in(fallback)}, false, "◐ api · 12 s · 48 s left", theme.FromAPI},
		{"api, times of day", []*datasource.Entry{in(fallback)}, true, "◐ api · 09:30:55 · 48 s left", theme.FromAPI},
		{"api without an end", []*datasource.Entry{in(fallback, endless)}, false, "◐ api · 12 s", theme.FromAPI},
		{"api at its end", []*datasource.Entry{in(fallback, over)}, false, "◐ api · 12 s · 0 s left", theme.FromAPI},
		{"stale", []*datasource.Entry{in(stale)}, false, "○ stale 34 s · redis: refused · retry in 4 s", theme.Warn},
		{"stale, and the api fails", []*datasource.Entry{in(stale, noAPI)}, false, "○ stale 34 s · redis: refused · api: 500 · retry in 4 s", theme.Warn},
		{"stale, only the api fails", []*datasource.Entry{in(stale, bare, noAPI)}, false, "○ stale 34 s · api: 500", theme.Warn},
		{"stale, times of day", []*datasource.Entry{in(stale)}, true, "○ stale since 09:30:33 · redis: refused · retry in 4 s", theme.Warn},
		{"stale, nothing known", []*datasource.Entry{in(stale, bare)}, false, "○ stale 34 s", theme.Warn},
		{"stale, almost long", []*datasource.Entry{in(stale, bare, long(15*time.Minute-1))}, false, "○ stale 14 min", theme.Warn},
		{"stale for long", []*datasource.Entry{in(stale, long(15*time.Minute))}, false, "○ no data since 09:16 · redis: refused · retry in 4 s", theme.Warn},
		{"stale for long, and the api fails", []*datasource.Entry{in(stale, long(2*time.Hour), noAPI)}, true, "○ no data since 07:31 · redis: refused · api: 500 · retry in 4 s", theme.Warn},
		{"stale for days", []*datasource.Entry{in(stale, bare, long(50*time.Hour))}, false, "○ no data since 21 Nov 07:31", theme.Warn},
		{"missing", []*datasource.Entry{in(missing)}, false, "✕ missing", theme.Bad},
		{"failed", []*datasource.Entry{in(failed)}, false, "✕ no permission (get) · retry in 4 s", theme.Bad},
		{"loading", []*datasource.Entry{in(load)}, false, "loading", theme.Dim},
		{"nothing yet", []*datasource.Entry{nil}, false, "loading", theme.Dim},
		{"quiet", []*datasource.Entry{in(live, quiet)}, false, "! quiet 30 s", theme.Warn},
		{"quiet, the key goes on", []*datasource.Entry{in(live, quiet, heard, justNow)}, false, "! quiet 45 s", theme.Warn},
		{"quiet, times of day", []*datasource.Entry{in(live, quiet, heard)}, true, "! quiet since 09:30:22", theme.Warn},
		{"polling", []*datasource.Entry{in(live, polling)}, false, "polling · pubsub: refused", theme.Dim},
		{"one of several is quiet", []*datasource.Entry{in(live), in(live, quiet), in(live)}, false, "! 1 of 3 quiet 30 s", theme.Warn},
		{"one of several is polling", []*datasource.Entry{in(live), in(live, polling), in(live, older)}, false, "1 of 3 polling · pubsub: refused", theme.Dim},
		{"several states", []*datasource.Entry{in(live), in(stale), in(live)}, false, "2 live · 1 stale", theme.Warn},
		{"the worst after the live ones", []*datasource.Entry{in(load), in(fallback), in(stale), in(missing), in(failed), in(live), nil},
			false, "1 live · 1 failed · 1 missing · 1 stale · 1 from the API · 2 loading", theme.Bad},
		{"one state, the oldest speaks", []*datasource.Entry{in(stale), in(stale, older)}, false, "○ stale 90 s · redis: refused · retry in 4 s", theme.Warn},
		{"none is live", []*datasource.Entry{in(fallback), in(stale)}, false, "1 stale · 1 from the API", theme.Warn},
	} {
		got, role := Note(c.entries, widgettest.Now, c.stamps)
		if got.String() != c.want || role != c.role {
			t.Errorf("%s: %q (%v), want %q (%v)", c.name, got, role, c.want, c.role)
		}
	}
	all := []*datasource.Entry{in(live), in(live)}
	if n := testing.AllocsPerRun(100, func() { Note(all, widgettest.Now, false) }); n != 0 {
		t.Errorf("a note on live data allocates %v times", n)
	}
}

// TestNoteIsCutBetweenItsParts: where there is no space the first words stay.
func TestNoteIsCutBetweenItsParts(t *testing.T) {
	const note = "stale 34 s · redis: refused · retry in 4 s"
	for w, want := range map[int]string{
		42: note, 41: "stale 34 s · redis: refused …", 29: "stale 34 s · redis: refused …", 28: "stale 34 s · refused …", 22: "stale 34 s · refused …", 21: "stale 34 s …", 12: "stale 34 s …", 11: "stale 34 s…", 5: "stal…",
		0: "",
	} {
		if got := fitNote(note, w); got != want {
			t.Errorf("%d cells: %q, want %q", w, got, want)
		}
	}
}

// TestNoteNeverLosesTheWorst: what is live is the first to go.
func TestNoteNeverLosesTheWorst(t *testing.T) {
	const note = "7 live · 1 failed · 2 stale"
	for w, want := range map[int]string{27: note, 26: "1 failed · 2 stale", 17: "1 failed …", 10: "1 failed …", 6: "1 fai…"} {
		if got := fitNote(note, w); got != want {
			t.Errorf("%d cells: %q, want %q", w, got, want)
		}
	}
}

func TestCause(t *testing.T) {
	fault := func(c datasource.Class, s datasource.SourceID, text string) *datasource.Fault {
		return &datasource.Fault{Class: c, Source: s, Text: safe(text)}
	}
	for want, e := range map[string]*datasource.Entry{
		"":                    {},
		"key expired":         {Why: safe("key expired"), Fault: fault(datasource.ClassRefused, 0, "")},
		"redis: refused":      {Fault: fault(datasource.ClassRefused, datasource.SourceRedis, "")},
		"api: throttled":      {APIFault: fault(datasource.ClassRateLimited, datasource.SourceAPI, "")},
		"redis: told already": {Fault: fault(datasource.ClassUnknown, datasource.SourceRedis, "redis: told already")},
		"no permission (get)": {Fault: fault(datasource.ClassPermission, datasource.SourceRedis, "no permission (get)")},
	} {
		if got := Cause(e); got != want {
			t.Errorf("Cause = %q, want %q", got, want)
		}
	}
	if Cause(nil) != "" {
		t.Error("no entry has a cause")
	}
}

// TestAbsent: a panel without a value is never blank, and says what is wrong.
func TestAbsent(t *testing.T) {
	long := func(e *datasource.Entry) { e.Ref.Key = strings.Repeat("key", 40) }
	for _, c := range []struct {
		name string
		e    *datasource.Entry
		want string
	}{
		{"no datum", nil, "… waiting for account"},
		{"loading", in(datasource.StateLoading), "… waiting for the first answer|  key account:ACC-1001"},
		{"missing", in(datasource.StateMissing), "✕ there is no such key|  key account:ACC-1001|  not in the API either"},
		{"failed", in(datasource.StateError), "✕ no permission (get)|  key account:ACC-1001|  api: server error (503)|  grant it with ACL SETUSER … +get|  retry in 4 s"},
		{"a long key is marked", in(datasource.StateLoading, long), "… waiting for the first answer|  key|  " + strings.Repeat("key", 12) + "|  " + strings.Repeat("key", 11) + "ke…"},
	} {
		p := NewPanel(plain(), 42, 9, Head{})
		p.Absent("account", c.e, widgettest.Now)
		var got []string
		for l := range strings.SplitSeq(p.String(), "\n") {
			if l = strings.TrimRight(strings.TrimPrefix(strings.Trim(l, "│"), " "), " "); l != "" && !strings.ContainsAny(l, "╭╰") {
				got = append(got, l)
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "|"), c.want)
		}
	}
}

func TestWrong(t *testing.T) {
	e := widgettest.Live("account", widgettest.Text("hello")).Entry
	p := NewPanel(plain(), 42, 5, Head{})
	p.Wrong("a series", e, widgettest.Now)
	if got := p.String(); !strings.Contains(got, "✕ expected a series, have text") || !strings.Contains(got, "key account:ACC-1001") {
		t.Errorf("a wrong shape is not explained:\n%s", got)
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		state datasource.State
		mark  string
		ascii string
	}{
		{datasource.StateLive, "", ""}, {datasource.StateFallback, "◐", "~"}, {datasource.StateStale, "○", "o"},
		{datasource.StateMissing, "✕", "x"}, {datasource.StateError, "✕", "x"}, {datasource.StateLoading, "…", "."},
	} {
		if got, _ := Mark(plain(), c.state); got != c.mark {
			t.Errorf("%v is %q, want %q", c.state, got, c.mark)
		}
		if got, _ := Mark(theme.Compile(nil, theme.ProfileNone, theme.ASCII), c.state); got != c.ascii {
			t.Errorf("%v in ASCII is %q, want %q", c.state, got, c.ascii)
		}
	}
	if Faded(in(datasource.StateStale), theme.Up) != theme.Dim || Faded(in(datasource.StateFallback), theme.Up) != theme.Up {
		t.Error("what is stale is dim, and nothing else")
	}
}

// TestNote_Marks: what is not simply what its producer wrote says so, also where
// it is live.
func TestNote_Marks(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	entry := func(m datasource.Marks, state datasource.State, why string) *datasource.Entry {
		return &datasource.Entry{State: state, At: at, Marks: m, Why: datasource.Clean(why, 0), Value: datasource.Value{Type: datasource.TypeBool}}
	}
	for _, c := range []struct {
		entries []*datasource.Entry
		want    string
	}{
		{[]*datasource.Entry{entry(datasource.MarkOrderAssumed, datasource.StateLive, "")}, "order assumed"},
		{[]*datasource.Entry{entry(datasource.MarkMixedUnits|datasource.MarkSecretsMasked, datasource.StateLive, "")}, "times in several units · secrets masked"},
		{[]*datasource.Entry{entry(datasource.MarkPartsUnread, datasource.StateLive, "")}, "parts unread"},
		{[]*datasource.Entry{entry(datasource.MarkPartsUnread, datasource.StateFallback, "key missing; api gave 3 of 9 rows")}, "◐ api · now · key missing; api gave 3 of 9 rows"},
		{[]*datasource.Entry{entry(datasource.MarkOrderAssumed, datasource.StateLive, ""), entry(0, datasource.StateLive, "")}, "1 of 2 order assumed"},
		{[]*datasource.Entry{entry(datasource.MarkStampUnknown, datasource.StateLive, "")}, ""},
	} {
		if got, _ := Note(c.entries, at, false); got.String() != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
