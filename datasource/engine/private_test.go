package engine

import (
	"strings"
	"testing"

	"ticktop/datasource"
)

// What is said of the API as a whole is read by everybody: it names no path and
// quotes no answer, for these may be another trader's.
func TestGeneralFault(t *testing.T) {
	for _, class := range []datasource.Class{datasource.ClassRedirect, datasource.ClassDecode} {
		own := &datasource.Fault{Class: class, Source: datasource.SourceAPI, Text: datasource.Clean("about /api/accounts/ACC-1002/", 0)}
		if got := withoutDetails(own).Error(); strings.Contains(got, "ACC-1002") || got == "" {
			t.Errorf("%v: everybody reads %q", class, got)
		}
		if !strings.Contains(own.Error(), "ACC-1002") {
			t.Error("a viewer that may see the datum reads less")
		}
	}
	auth := &datasource.Fault{Class: datasource.ClassAuth, Text: datasource.Clean("token refused", 0)}
	if withoutDetails(auth) != auth {
		t.Error("a fault of the whole API was changed")
	}
}

// A refused channel is named only to the viewers that watch it.
func TestDeniedChannelIsPrivate(t *testing.T) {
	run(t, func(w *world) {
		other := datasource.Ref{Name: "alerts", Kind: datasource.KindChannel, Key: "notifications:B"}
		a := w.e.Watch([]datasource.Ref{notices})
		defer a.Close()
		b := w.e.Watch([]datasource.Ref{other})
		defer b.Close()
		c := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer c.Close()
		w.after(ms(100))
		w.sub.sink.Joined(1)
		w.sub.sink.Lost(&datasource.Fault{Class: datasource.ClassPermission, Source: datasource.SourcePubSub,
			Channels: []string{"notifications:A", "notifications:B"},
			Text:     datasource.Clean("no permission (notifications:A, notifications:B)", 0)})
		w.after(ms(100))
		for _, v := range []struct {
			f     datasource.Feed
			not   string
			light datasource.Light
		}{{a, "notifications:B", datasource.LightDegraded}, {b, "notifications:A", datasource.LightDegraded}, {c, "notifications", datasource.LightUp}} {
			s := v.f.Snapshot()
			text := ""
			for i := range s.Sources {
				if s.Sources[i].Fault != nil {
					text += s.Sources[i].Fault.Error() + s.Sources[i].Fault.Hint.String()
				}
			}
			for i := range s.Events {
				text += s.Events[i].Text.String()
			}
			for i := range s.Len() {
				if _, e := s.Nth(i); e.Fault != nil {
					text += e.Fault.Error() + e.Fault.Hint.String()
				}
			}
			if strings.Contains(text, v.not) {
				t.Errorf("a stranger's channel is named: %q", text)
			}
			if got := s.Sources[datasource.SourcePubSub].Light; got != v.light {
				t.Errorf("light %v, want %v", got, v.light)
			}
		}
	})
}
