package app

import (
	"context"
	"errors"
	"slices"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/sshd"
)

// followUsers hands the configuration's users to the keyring, which the server
// reads again within two seconds. Of a configuration that cannot be used as a
// whole only what takes rights away counts; what cannot be read at all makes the
// rights old, which readiness and a metric say.
func (a *App) followUsers(ctx context.Context, keys *sshd.Keyring) error {
	desk := a.Desk(Principal{})
	for {
		changed := desk.Changed() // before the configuration is looked at: no change is missed
		a.updateUsers(keys)
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

func (a *App) updateUsers(keys *sshd.Keyring) {
	inForce := sshUsers(a.Config())
	_, broken := a.configState()
	if broken == nil {
		keys.SetUsers(inForce)
		return
	}
	if len(inForce) == 0 {
		return // nobody has rights by it
	}
	listed, err := a.listedUsers()
	if err != nil {
		keys.RestrictUsers(keys.Users(), errors.New("the configuration cannot be read, and its users neither"))
		return
	}
	keys.SetUsers(restrictUsers(keys.Users(), listed))
}

// listedUsers reads the users of a configuration whose rest is broken.
func (a *App) listedUsers() ([]sshd.User, error) {
	a.reloading.Lock()
	defer a.reloading.Unlock()
	listed, err := config.LoadUsers(a.load)
	return usersOf(listed), err
}

// restrictUsers returns the users with what both lists allow them: nobody is added,
// and nobody may see more.
func restrictUsers(inForce, listed []sshd.User) []sshd.User {
	var out []sshd.User
	for _, old := range inForce {
		i := slices.IndexFunc(listed, func(u sshd.User) bool { return u.Name == old.Name })
		if i < 0 {
			continue
		}
		if u, ok := restrictUser(old, listed[i]); ok {
			out = append(out, u)
		}
	}
	return out
}

// restrictUser returns what two versions of a user both allow; ok is false when
// that is nothing. An empty list would mean everything.
func restrictUser(old, listed sshd.User) (u sshd.User, ok bool) {
	u = sshd.User{Name: old.Name, Private: old.Private || listed.Private, Vars: map[string][]string{}}
	u.Keys = intersect(old.Keys, listed.Keys)
	ok = len(u.Keys) > 0
	switch {
	case len(old.Pages) == 0:
		u.Pages = listed.Pages
	case len(listed.Pages) == 0:
		u.Pages = old.Pages
	default:
		u.Pages = intersect(old.Pages, listed.Pages)
		ok = ok && len(u.Pages) > 0
	}
	for name, values := range listed.Vars {
		u.Vars[name] = values
	}
	for name, values := range old.Vars {
		if both, limited := listed.Vars[name]; limited {
			values = intersect(values, both)
		}
		u.Vars[name] = values
		ok = ok && len(values) > 0
	}
	return u, ok
}

// intersect returns what is in both, in the order of the first.
func intersect(a, b []string) []string {
	var out []string
	for _, s := range a {
		if slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}

func sshUsers(c *config.Config) []sshd.User { return usersOf(c.Users) }

func usersOf(list []config.User) []sshd.User {
	out := make([]sshd.User, 0, len(list))
	for _, u := range list {
		out = append(out, sshd.User{Name: u.Name, Keys: u.Keys, Vars: u.Vars, Pages: u.Pages, Private: u.Private})
	}
	return out
}
