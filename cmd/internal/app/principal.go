package app

import (
	"fmt"
	"maps"
	"slices"

	"ticktop/cmd/internal/config"
)

// Principal is whom a session belongs to, and what that one may see. The zero
// Principal is the person at this terminal. It may see everything.
type Principal struct {
	Name    string
	Bound   bool                // only what follows may be seen
	Vars    map[string][]string // values allowed, the first is where a session starts
	Pages   []string            // pages allowed; none: all
	Private bool                // balances stay hidden
}

// PrincipalOf returns what a user of the configuration may see.
func PrincipalOf(u config.User) Principal {
	return Principal{Name: u.Name, Bound: true, Vars: u.Vars, Pages: u.Pages, Private: u.Private}
}

// allowedVars returns the variables of a session: as configured, as far as this
// principal may have them, with the wanted ones replaced. An error names the
// first wanted value that is not allowed, and nothing about any other.
func (p Principal) allowedVars(c *config.Config, wanted map[string][]string) (map[string][]string, error) {
	out := maps.Clone(c.Vars)
	for name, allowed := range p.Vars {
		if _, ok := out[name]; !ok || len(allowed) == 0 {
			continue
		}
		if c.Lists[name] {
			out[name] = allowed
		} else {
			out[name] = allowed[:1]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		values, err := p.allowVariable(c, name, wanted[name])
		if err != nil {
			return nil, err
		}
		out[name] = values
	}
	return out, nil
}

// allowVariable checks one wanted variable.
func (p Principal) allowVariable(c *config.Config, name string, values []string) ([]string, error) {
	configured, ok := c.Vars[name]
	if !ok {
		return nil, fmt.Errorf("there is no variable %s", name)
	}
	if len(values) == 0 || len(values) > 1 && !c.Lists[name] {
		return nil, fmt.Errorf("%s takes one value", name)
	}
	choices, limited := p.variableChoices(c, name)
	for _, v := range values {
		if limited && !slices.Contains(choices, v) && (p.Bound || !slices.Contains(configured, v)) {
			return nil, fmt.Errorf("%s %q is not allowed here", name, v)
		}
		if err := config.CheckVar(name, v); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// variableChoices returns what a variable may be set to; limited is false when it may
// be anything.
func (p Principal) variableChoices(c *config.Config, name string) (choices []string, limited bool) {
	if own, ok := p.Vars[name]; ok {
		return own, true
	}
	listed, ok := c.Choices[name]
	if !p.Bound {
		return listed, ok
	}
	return slices.Concat(c.Vars[name], listed), true
}

// allChoices is choices for every variable that is limited.
func (p Principal) allChoices(c *config.Config) map[string][]string {
	out := map[string][]string{}
	for name, configured := range c.Vars {
		choices, limited := p.variableChoices(c, name)
		if !limited {
			continue
		}
		if !p.Bound {
			choices = slices.Concat(configured, choices)
		}
		var uniq []string
		for _, v := range choices {
			if !slices.Contains(uniq, v) {
				uniq = append(uniq, v)
			}
		}
		out[name] = uniq
	}
	return out
}
