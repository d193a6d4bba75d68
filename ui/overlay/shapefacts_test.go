package overlay

import (
	"testing"
	"time"

	"ticktop/datasource"
)

func TestShapeFacts_SayWhichPath(t *testing.T) {
	s := &datasource.Shape{
		Decode: "base64,zlib", Pick: "data.'a.b'.0", Where: datasource.PairsOf([]datasource.Pair{{Name: "event", Values: []string{"tick"}}}),
		Fields: datasource.PairsOf([]datasource.Pair{{Name: "last", Values: []string{"Price", "p"}}}), Latest: true,
		Series: datasource.SeriesFields{Time: "@field", Value: "close", Step: time.Minute}, TimeFormat: "%Y%m%d", Zone: "Europe/London",
	}
	want := map[string]string{
		"decode": "base64,zlib", "path": "data.'a.b'.0", "where": "event: tick", "fields": "last: Price or p", "columns": "",
		"series": "time: @field, value: close, step: 1m0s", "time": "as %Y%m%d in Europe/London", "newest": "entry only",
	}
	for _, f := range shapeFacts(s) {
		if f[1] != want[f[0]] {
			t.Errorf("%s: %q, want %q", f[0], f[1], want[f[0]])
		}
	}
	for _, f := range shapeFacts(&datasource.Shape{}) {
		if f[1] != "" {
			t.Errorf("%s: %q of a plain value", f[0], f[1])
		}
	}
}
