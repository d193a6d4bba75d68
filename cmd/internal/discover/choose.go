package discover

import (
	"regexp"
	"slices"
)

// Family is one thing that was found, for a person to choose and to name.
type Family struct {
	Name  string // what it will be called
	Key   string // its type and key, with variables for what varies; not safe to print
	About string // "quote", "account", …
	Keys  int

	at int // its place among the findings
}

// nameForm is what a family may be called.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// IsName reports whether a family may be called so.
func IsName(s string) bool { return nameForm.MatchString(s) }

var subjectTexts = map[subject]string{
	subjectQuote: "quote", subjectAccount: "account", subjectPosition: "position", subjectOrder: "order", subjectTrade: "trade",
	subjectBook: "order book", subjectBar: "bars", subjectPoint: "figure over time", subjectLog: "messages", subjectMetrics: "figures",
	subjectFlag: "switches", subjectCounter: "counter", subjectRanking: "ranking", subjectNames: "list of names",
}

// chooseFindings lets a person choose among the findings; nil takes all.
func chooseFindings(findings []*finding, ask func([]Family) []Family) []*finding {
	if ask == nil {
		return findings
	}
	families := make([]Family, len(findings))
	for i, x := range findings {
		about := subjectTexts[x.subject]
		if about == "" {
			about = "other"
		}
		key := configKind[x.kind] + " " + x.keyTemplate()
		if x.kind == "join" {
			key = "join of " + x.keyTemplate() + "…"
		}
		families[i] = Family{Name: x.keyWords(), Key: key, About: about, Keys: len(x.keys), at: i}
	}
	var out []*finding
	for _, f := range ask(slices.Clone(families)) {
		x := findings[f.at]
		if f.Name != families[f.at].Name && IsName(f.Name) {
			x.called = f.Name
		}
		out = append(out, x)
	}
	return out
}
