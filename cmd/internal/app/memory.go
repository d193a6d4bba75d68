package app

import (
	"encoding/json"

	"ticktop/cmd/internal/sshd"
	"ticktop/ui"
)

// Memory keeps a text a user and configuration: what sessions remember. Its
// methods may be called from any goroutine; Save does not wait.
type Memory interface {
	Load(user, config string) string
	Save(user, config, text string)
}

// memoryKey names a user to a Memory; "" for a user without a proven name:
// nothing is kept of them. What is not the configuration's is known by the key
// alone, because a name can be any.
func memoryKey(p sshd.Principal) string {
	switch {
	case p.Known && p.Name != "":
		return "user " + p.Name
	case p.Fingerprint != "":
		return "key " + p.Fingerprint
	}
	return ""
}

// recall fills in what was remembered of a user, and keeps what the session
// changes. What another version wrote and this one cannot read is a clean
// start.
func recall(o *ui.Options, m Memory, user, config string) {
	if m == nil || user == "" {
		return
	}
	var kept ui.State
	if text := m.Load(user, config); text != "" && json.Unmarshal([]byte(text), &kept) == nil {
		o.State = kept
	}
	o.Remember = func(s ui.State) {
		if text, err := json.Marshal(s); err == nil {
			m.Save(user, config, string(text))
		}
	}
}
