package store

import (
	"strings"
	"testing"

	"ticktop/datasource"
)

// TestRefusedChannelsAreTheirOwners: a fault that names the channels of many is
// reported to each view with its own only, and not to views without channels.
func TestRefusedChannelsAreTheirOwners(t *testing.T) {
	channel := func(account string) datasource.Ref {
		return datasource.Ref{Name: "alerts", Kind: datasource.KindChannel, Key: "notifications:" + account}
	}
	s := New()
	ana, _ := s.Watch([]datasource.Ref{channel("ACC-1001")})
	bob, _ := s.Watch([]datasource.Ref{channel("ACC-1002")})
	eve, _ := s.Watch([]datasource.Ref{ref("quote")})
	var sources [datasource.NumSources]datasource.Status
	sources[datasource.SourcePubSub] = datasource.Status{Light: datasource.LightDegraded, Channels: 3, Fault: &datasource.Fault{
		Class: datasource.ClassPermission, Source: datasource.SourcePubSub, Channels: []string{"notifications:ACC-1001", "notifications:ACC-1002"},
		Text: datasource.Clean("no permission (notifications:ACC-1001, notifications:ACC-1002)", 0),
		Hint: datasource.Clean("allow it: ACL SETUSER ro &notifications:ACC-1001 &notifications:ACC-1002", 0),
	}}
	s.Apply(Batch{At: noon, Sources: &sources})
	for _, c := range []struct {
		w          *Watch
		light      datasource.Light
		text, hint string
	}{
		{ana, datasource.LightDegraded, "no permission (notifications:ACC-1001)", "allow it: ACL SETUSER ro &notifications:ACC-1001"},
		{bob, datasource.LightDegraded, "no permission (notifications:ACC-1002)", "allow it: ACL SETUSER ro &notifications:ACC-1002"},
		{eve, datasource.LightUp, "", ""},
	} {
		got := c.w.Snapshot().Sources[datasource.SourcePubSub]
		text, hint := "", ""
		if got.Fault != nil {
			text, hint = got.Fault.Error(), got.Fault.Hint.String()
		}
		if got.Light != c.light || text != c.text || hint != c.hint || strings.Contains(text, "ACC-1001") && strings.Contains(text, "ACC-1002") {
			t.Errorf("%s %q %q, want %s %q %q", got.Light, text, hint, c.light, c.text, c.hint)
		}
	}
}
