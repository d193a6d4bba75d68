package alert_test

import (
	"errors"
	"fmt"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/alert"
)

func Example() {
	rule, err := alert.Compile("account.equity < 45k for 2s", datasource.LevelCritical, alert.Reset("account.equity > 45500"))
	if err != nil {
		fmt.Println(err)
		return
	}
	var state *alert.State
	for i, equity := range []string{"45012.00", "44910.20", "44910.20", "44910.20", "45100.00", "45600.00"} {
		now := time.Date(2026, 11, 23, 9, 0, i, 0, time.UTC)
		var alerts []datasource.Alert
		alerts, state = alert.Eval([]*alert.Rule{rule}, account(now, equity), now, state)
		for _, a := range alerts {
			fmt.Println(now.Format("05"), a.Level, a.Text, "since", a.Since.Format("05"), !a.Ended.IsZero())
		}
	}
	// Output:
	// 03 critical account.equity 44,910.20 < 45,000 (was 45,012.00) since 01 false
	// 04 critical account.equity 45,100.00 (was 44,910.20) since 01 false
	// 05 critical account.equity 45,100.00 (was 44,910.20) since 01 true
}

func account(now time.Time, equity string) *datasource.Snapshot {
	n, _ := datasource.ParseNumber(equity)
	e := &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive, At: now, Value: datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
		{Name: datasource.Clean("equity", 0), Value: datasource.Value{Type: datasource.TypeNumber, Num: n}},
	}}}
	return datasource.NewSnapshot(now, 1, []string{"account"}, nil, []*datasource.Entry{e})
}

func ExampleCompile_mistake() {
	_, err := alert.Compile("source(account) == falback", datasource.LevelWarning)
	var mistake *alert.Error
	if errors.As(err, &mistake) {
		fmt.Println(mistake.Column(), mistake.Hint)
	}
	// Output: 20 fallback
}
