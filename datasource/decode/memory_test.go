package decode

import (
	"runtime"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// TestMemory: no hostile payload makes a value of more than 10 MB, nor costs
// many times that on the way. Bytes allocated are counted, not time, so the
// machine does not matter.
func TestMemory(t *testing.T) {
	row := "[" + strings.TrimSuffix(strings.Repeat("0,", 4000), ",") + "]"
	docs := append([]hostile.Document{
		{Case: hostile.Case{Name: "as many values as there may be", In: "[" + strings.TrimSuffix(strings.Repeat(row+",", 12), ",") + "]"}},
		{Case: hostile.Case{Name: "as many, with an escape", In: `["\u0041",` + strings.TrimSuffix(strings.Repeat(row+",", 12), ",") + "]"}},
		{Case: hostile.Case{Name: "more values than there may be", In: "[" + strings.TrimSuffix(strings.Repeat(row+",", 20), ",") + "]"}},
		{Case: hostile.Huge()},
	}, hostile.JSON()...)
	for _, d := range docs {
		var before, after, held runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		v, _, err := Value(stringRaw(d.In))
		runtime.ReadMemStats(&after)
		runtime.GC()
		runtime.ReadMemStats(&held)
		if kept := int64(held.HeapAlloc) - int64(before.HeapAlloc); kept > 10<<20 {
			t.Errorf("%s: keeps %d bytes", d.Name, kept)
		}
		spent := after.TotalAlloc - before.TotalAlloc - uint64(len(d.In)) // stringRaw's copy
		if spent > 40<<20 || err != nil && len(d.In) > datasource.MaxValueBytes && spent > 1<<20 {
			t.Errorf("%s: allocates %d bytes (%v)", d.Name, spent, err)
		}
		runtime.KeepAlive(&v)
	}
}
