package redisdb

import (
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// TestClientName_Shown: an operator who lists the clients sees whose the
// connections are, also those of a user that may not name them.
func TestClientName_Shown(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	s.Do("ACL", "SETUSER", "least", "on", ">pw", "~*", "&*", "-@all", "+get", "+getrange", "+strlen", "+pttl", "+ping")
	s.Do("ACL", "SETUSER", "own", "on", ">pw", "~*", "&*", "+@all")
	for _, tc := range []struct{ user, query, want string }{
		{"default", "", "name=ticktop "},
		{"least", "", "name=ticktop "},
		{"own", "?client_name=desk-3", "name=desk-3 "},
	} {
		url := strings.Replace(s.URL(), "redis://", "redis://"+map[bool]string{true: "", false: tc.user + ":pw@"}[tc.user == "default"], 1) + tc.query
		c := open(t, Options{URL: url})
		if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
			t.Errorf("%s: %v", tc.user, f)
		}
		list, _ := s.Do("CLIENT", "LIST").(string)
		found := false
		for l := range strings.SplitSeq(list, "\n") {
			found = found || strings.Contains(l, tc.want) && strings.Contains(l, "user="+tc.user+" ")
		}
		if !found {
			t.Errorf("%s: no %sin\n%s", tc.user, tc.want, list)
		}
	}
	if log := s.Do("ACL", "LOG"); strings.Contains(strings.ToLower(datasource.Clean(toString(log), 4000).String()), "setname") {
		t.Errorf("ACL LOG: %v", log)
	}
}
