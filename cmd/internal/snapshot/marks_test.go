package snapshot

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// TestMarks_AreSaid: what is not simply what the producer wrote is marked in
// every format (cases 1, 6, 16, 24, 38).
func TestMarks_AreSaid(t *testing.T) {
	old := now.Add(-7 * 365 * 24 * time.Hour)
	for _, c := range []struct {
		name  string
		entry datasource.Entry
		json  string
		text  string
	}{
		{"case 1", datasource.Entry{Marks: datasource.MarkOrderAssumed}, `"age_ms":0,"value":1.5,"marks":["order_assumed"]}`, "[order assumed]"},
		{"case 16", datasource.Entry{Marks: datasource.MarkMixedUnits}, `"marks":["mixed_units"]}`, "[mixed units]"},
		{"case 38", datasource.Entry{Marks: datasource.MarkSecretsMasked}, `"marks":["secrets_masked"]}`, "[secrets masked]"},
		{"case 24", datasource.Entry{State: datasource.StateFallback, Origin: datasource.SourceAPI, Marks: datasource.MarkPartsUnread, Why: datasource.Clean("key missing; api gave 3 of 9 rows", 0)},
			`"marks":["parts_unread"],"note":"key missing; api gave 3 of 9 rows"}`, "[fallback, api now, key missing; api gave 3 of 9 rows, parts unread]"},
		{"case 6: the producer's own time", datasource.Entry{Stamp: old}, `"age_ms":220752000000,`, "[6 y old]"},
		{"case 5: a time without a zone", datasource.Entry{Stamp: time.Time{}, Marks: datasource.MarkStampUnknown}, `"age_ms":null,"value":1.5,"marks":["age_unknown"]}`, "[age unknown]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.entry
			e.Ref = &datasource.Ref{Name: "d", Kind: datasource.KindString, Key: "k"}
			e.Value, e.At, e.Changed = num("1.5"), now, now
			if e.State == datasource.StateLoading {
				e.State = datasource.StateLive
			}
			snap := datasource.NewSnapshot(now, 1, []string{"d"}, nil, []*datasource.Entry{&e})
			for format, want := range map[string]string{"json": c.json, "text": c.text} {
				var b bytes.Buffer
				if err := Write(&b, format, snap, Options{Now: now}); err != nil || !strings.Contains(b.String(), want) {
					t.Errorf("%s: %v, want %s in\n%s", format, err, want, b.String())
				}
			}
		})
	}
}
