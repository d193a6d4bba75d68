package hostile

import "testing"

// TestNames keeps the list usable: every case has a distinct name.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	check := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("case name %q is empty or used twice", name)
		}
		seen[name] = true
	}
	for _, c := range Texts() {
		check("text/" + c.Name)
	}
	for _, c := range JSON() {
		check("json/" + c.Name)
	}
	for _, c := range Keys() {
		check("key/" + c.Name)
	}
	for _, n := range Numbers() {
		check("number/" + n.In)
	}
}
