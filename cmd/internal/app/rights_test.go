package app

import (
	"reflect"
	"testing"

	"ticktop/cmd/internal/sshd"
)

// TestRestrict_OnlyTakesAway: of a configuration that cannot be used as a whole
// nobody gets a right that they did not have.
func TestRestrict_OnlyTakesAway(t *testing.T) {
	vars := func(values ...string) map[string][]string { return map[string][]string{"account": values} }
	old := sshd.User{Name: "ana", Keys: []string{"k1", "k2"}, Vars: vars("A", "B"), Pages: []string{"Desk", "Book"}}
	for _, tc := range []struct {
		name   string
		listed []sshd.User
		want   []sshd.User
	}{
		{"as it was", []sshd.User{old}, []sshd.User{old}},
		{"removed", []sshd.User{{Name: "bob", Keys: []string{"k1"}}}, nil},
		{"a key less and a new one", []sshd.User{{Name: "ana", Keys: []string{"k2", "k3"}, Vars: vars("A", "B"), Pages: old.Pages}},
			[]sshd.User{{Name: "ana", Keys: []string{"k2"}, Vars: vars("A", "B"), Pages: old.Pages}}},
		{"every key replaced", []sshd.User{{Name: "ana", Keys: []string{"k3"}, Vars: vars("A")}}, nil},
		{"an account less and a new one", []sshd.User{{Name: "ana", Keys: old.Keys, Vars: vars("B", "C"), Pages: old.Pages}},
			[]sshd.User{{Name: "ana", Keys: old.Keys, Vars: vars("B"), Pages: old.Pages}}},
		{"another account", []sshd.User{{Name: "ana", Keys: old.Keys, Vars: vars("C")}}, nil},
		{"one more variable limited", []sshd.User{{Name: "ana", Keys: old.Keys, Vars: map[string][]string{"account": {"A", "B"}, "symbols": {"X"}}}},
			[]sshd.User{{Name: "ana", Keys: old.Keys, Vars: map[string][]string{"account": {"A", "B"}, "symbols": {"X"}}, Pages: old.Pages}}},
		{"private now", []sshd.User{{Name: "ana", Keys: old.Keys, Vars: vars("A", "B"), Private: true}},
			[]sshd.User{{Name: "ana", Keys: old.Keys, Vars: vars("A", "B"), Pages: old.Pages, Private: true}}},
		{"all limits gone", []sshd.User{{Name: "ana", Keys: old.Keys}}, []sshd.User{old}},
		{"another page", []sshd.User{{Name: "ana", Keys: old.Keys, Pages: []string{"Log"}}}, nil},
	} {
		if got := restrictUsers([]sshd.User{old}, tc.listed); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}
