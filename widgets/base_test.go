package widgets_test

import (
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/widgettest"
)

type note struct {
	widgets.Base
	dataless bool
}

func (*note) Render(widgets.Context) string { return "" }
func (n *note) NeedsNoData() bool           { return n.dataless }

// TestRevision_NoData: what needs no data is not drawn again when data change;
// no names otherwise mean everything.
func TestRevision_NoData(t *testing.T) {
	snap := widgettest.Snapshot(widgettest.Live("quote", widgettest.Num("1")))
	if snap.Rev() == 0 || snap.Rev("quote") == 0 {
		t.Fatal("the snapshot has no revision")
	}
	for _, c := range []struct {
		name string
		w    widgets.Widget
		want uint64
	}{
		{"everything", &note{Base: widgets.NewBase("note", "A\x1bnote")}, snap.Rev()},
		{"nothing", &note{Base: widgets.NewBase("note", ""), dataless: true}, 0},
		{"named", &note{Base: widgets.NewBase("note", "", "quote")}, snap.Rev("quote")},
	} {
		if got := widgets.Revision(c.w, snap); got != c.want {
			t.Errorf("%s: revision %d, want %d", c.name, got, c.want)
		}
	}
}

func TestBase(t *testing.T) {
	b := widgets.NewBase("note", "one", "quote")
	b.SetTitle("two\x1b[31m")
	if b.Kind() != "note" || b.Title() != datasource.Clean("two\x1b[31m", 80) || len(b.Data()) != 1 {
		t.Errorf("%s %s %v", b.Kind(), b.Title(), b.Data())
	}
}
