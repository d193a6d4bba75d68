package alert

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// snapOf makes a snapshot of names and entries in turn.
func snapOf(at time.Time, pairs ...any) *datasource.Snapshot {
	var names []string
	var entries []*datasource.Entry
	for i := 0; i < len(pairs); i += 2 {
		names, entries = append(names, pairs[i].(string)), append(entries, pairs[i+1].(*datasource.Entry))
	}
	return datasource.NewSnapshot(at, 1, names, nil, entries)
}

// A condition on something that does not exist is reported, with what was meant.
func TestRule_Absent(t *testing.T) {
	now := nine
	snap := snapOf(now, "account", live(object("equity", "1"), now), "quote.EURUSD", live(object("bid", "1"), now),
		"quote.BRK.B", live(object("bid", "1"), now), "quote.ES=F", live(object("bid", "1"), now), "loading", &datasource.Entry{})
	for when, want := range map[string]string{
		"account.equity > 1":         "",
		"quote.bid > 1":              "",
		`quote."BRK.B".bid > 1`:      "",
		"quote.BRK.B.bid > 1":        "",
		`quote."ES=F".bid > 1`:       "",
		"loading.x > 1":              "",
		"age(quote) > 5s":            "",
		"quote.NOPE.bid > 1":         `neither an element nor a field "NOPE" in quote`,
		"quote.EURUSD.bit > 1":       `no field "bit" in quote.EURUSD, did you mean bid?`,
		"quote.bit > 1":              `neither an element nor a field "bit" in quote`,
		"acount.equity > 1":          `no datum "acount.equity"`,
		"account.equity > account.x": `no field "x" in account`,
	} {
		var got []string
		for _, err := range mustCompile(t, when).Absent(snap) {
			got = append(got, err.Error())
		}
		if line := strings.Join(got, "\n"); (want == "") != (line == "") || !strings.Contains(strings.ReplaceAll(line, " at column 1", ""), strings.Split(want, ",")[0]) {
			t.Errorf("%s: %q, want %q", when, line, want)
		}
	}
}

// Case 31: how a name is quoted is shown.
func TestCompile_ShowsHowNamesAreQuoted(t *testing.T) {
	_, err := Compile("quote.ES=F.bid > 1", datasource.LevelWarning)
	if err == nil || !strings.Contains(err.Error(), `did you mean quote."ES=F".bid?`) {
		t.Errorf("case 31: %v", err)
	}
	if _, err = Compile("account.equity = 1", datasource.LevelWarning); err == nil || !strings.Contains(err.Error(), "did you mean ==?") {
		t.Errorf("%v", err)
	}
}

// The text of an alert holds the value, the threshold and the unit.
func TestText_HoldsThresholdAndUnit(t *testing.T) {
	snap := snapOf(nine, "account", live(object("margin_level", "125", "equity", "44910.20"), nine))
	alerts, _ := Eval([]*Rule{mustCompile(t, "account.margin_level < 150"), mustCompile(t, "50k > account.equity")}, snap, nine, nil)
	got := ""
	for _, a := range alerts {
		got += a.Text.String() + "; "
	}
	if got != "account.margin_level 125% < 150%; account.equity 44,910.20 < 50,000; " {
		t.Errorf("got %q", got)
	}
}
