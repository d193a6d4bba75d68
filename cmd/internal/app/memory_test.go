package app

import (
	"testing"

	"ticktop/cmd/internal/sshd"
	"ticktop/ui"
)

type mapMemory map[string]string

func (m mapMemory) Load(user, config string) string { return m[user+"|"+config] }
func (m mapMemory) Save(user, config, text string)  { m[user+"|"+config] = text }

// TestMemory_NobodyReadsAnothers: a user of the configuration is known by name,
// a key from a file by the key, whatever name it gives, and one who proves
// nothing by nothing.
func TestMemory_NobodyReadsAnothers(t *testing.T) {
	keys := map[string]string{}
	for name, p := range map[string]sshd.Principal{
		"ana":              {Name: "ana", Known: true, Fingerprint: "SHA256:a"},
		"a key called ana": {Name: "ana", Fingerprint: "SHA256:b"},
		"another key":      {Fingerprint: "SHA256:c"},
		"a crafted name":   {Name: "SHA256:b", Known: true},
		"a visitor's":      {},
	} {
		key := memoryKey(p)
		if other, taken := keys[key]; taken {
			t.Errorf("%s and %s share %q", name, other, key)
		}
		keys[key] = name
	}
	if keys[""] != "a visitor's" {
		t.Error("a visitor has a memory")
	}
}

func TestMemory_IsRecalled(t *testing.T) {
	m := mapMemory{}
	var o ui.Options
	recall(&o, m, "user ana", "built-in")
	o.Remember(ui.State{Theme: "light", Alerts: []string{"account.equity < 1"}})
	var again ui.Options
	recall(&again, m, "user ana", "built-in")
	if again.State.Theme != "light" || len(again.State.Alerts) != 1 {
		t.Errorf("%+v", again.State)
	}
	for _, text := range []string{"{", `{"theme":17}`, `{"views":[]}`, "null"} {
		m["user ana|built-in"] = text
		var o ui.Options
		recall(&o, m, "user ana", "built-in")
		if o.State.Theme != "" || o.Remember == nil {
			t.Errorf("%q: %+v", text, o.State)
		}
	}
	m["user ana|built-in"] = `{"theme":"mono","of another version":{"a":[1]}}`
	var newer ui.Options
	if recall(&newer, m, "user ana", "built-in"); newer.State.Theme != "mono" {
		t.Error("a newer version's file is not read as far as it can be")
	}
	var none ui.Options
	if recall(&none, m, "", "built-in"); none.Remember != nil {
		t.Error("a visitor is remembered")
	}
}
