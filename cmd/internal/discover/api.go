package discover

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Getter gets what the API answers at a path below its address; nil for
// nothing that could be read.
type Getter func(ctx context.Context, path string) []byte

// Bounds of what the API is asked.
const (
	maxRoutes     = 300
	maxAPIAnswers = 40
)

// apiRoots are where an API says what it has: OpenAPI first, then the roots of
// Django REST framework.
var (
	schemaPaths = []string{"/openapi.json", "/api/openapi.json", "/api/schema/?format=json", "/schema/?format=json", "/api/v1/openapi.json", "/swagger.json"}
	rootPaths   = []string{"/api/", "/api/v1/", "/", "/v1/"}
)

// apiRoutes are the paths that the API lists, with {name} for what varies.
func apiRoutes(ctx context.Context, get Getter) []string {
	for _, path := range schemaPaths {
		var doc struct {
			Paths map[string]map[string]json.RawMessage `json:"paths"`
		}
		if json.Unmarshal(get(ctx, path), &doc) != nil || len(doc.Paths) == 0 {
			continue
		}
		var out []string
		for route, methods := range doc.Paths {
			if methods["get"] != nil && strings.HasPrefix(route, "/") {
				out = append(out, route)
			}
		}
		slices.Sort(out)
		return out[:min(len(out), maxRoutes)]
	}
	for _, path := range rootPaths {
		var root map[string]any
		if json.Unmarshal(get(ctx, path), &root) != nil {
			continue
		}
		var out []string
		for _, v := range root {
			text, _ := v.(string)
			u, err := url.Parse(text)
			if err == nil && strings.HasPrefix(u.Path, "/") && (u.Host != "" || u.Scheme == "") {
				out = append(out, u.Path)
			}
		}
		if slices.Sort(out); len(out) > 0 {
			return out[:min(len(out), maxRoutes)]
		}
	}
	return nil
}

// routeWords say of a route what it is about.
var routeWords = map[subject][]string{
	subjectQuote: {"quote", "tick", "ticker", "price"}, subjectTrade: {"quote", "tick", "ticker", "price"},
	subjectAccount: {"account", "balance"}, subjectPosition: {"position", "holding"}, subjectOrder: {"order"},
	subjectPoint: {"equity", "pnl", "curve"}, subjectBar: {"bar", "candle", "ohlc"},
}

// guessFallbacks finds for each datum the path of the API that answers with the
// same kind of thing: the answers are looked at, nothing is taken on trust.
func (p *plan) guessFallbacks(ctx context.Context, findings []*finding, get Getter) {
	if get == nil {
		return
	}
	routes := apiRoutes(ctx, get)
	asked := 0
	for _, x := range findings {
		if x.kind == kindChannel || x.part != "" || routeWords[x.subject] == nil || x.subject == subjectTrade && x.container != containOne {
			continue
		}
		for _, route := range routes {
			for _, candidate := range x.candidates(route) {
				if asked++; asked > maxAPIAnswers || x.fallback != "" {
					break
				}
				if pick, ok := x.answeredBy(readNode(get(ctx, candidate.asked))); ok {
					x.fallback = candidate.text(pick)
					p.guessed++
				}
			}
		}
	}
}

// candidate is a path that may answer for a datum.
type candidate struct {
	template string // with variables
	asked    string // with the first element in their place
}

// text is the fallback in the file.
func (c candidate) text(pick string) string {
	parts := []string{"path: " + quoteYAML(c.template)}
	if pick != "" {
		parts = append(parts, "pick: "+quoteYAML(pick))
	}
	return "fallback: {" + strings.Join(parts, ", ") + "}"
}

// candidates are the ways to ask a route for a datum.
func (x *finding) candidates(route string) (out []candidate) {
	segments := strings.Split(strings.Trim(route, "/"), "/")
	about := ""
	for _, s := range segments {
		if !strings.HasPrefix(s, "{") {
			about = s
		}
	}
	words := strings.FieldsFunc(strings.ToLower(about), func(r rune) bool { return r == '-' || r == '_' })
	if !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(routeWords[x.subject], singular(w)) }) || len(x.vars) > 1 {
		return nil
	}
	add := func(template string, v *variable) {
		asked := template
		if v != nil {
			asked = strings.ReplaceAll(template, "{"+x.reference(v)+"}", url.PathEscape(v.values[0]))
		}
		out = append(out, candidate{template, asked})
	}
	var v *variable
	if len(x.vars) == 1 && len(x.vars[0].values) > 0 {
		v = x.vars[0]
	}
	switch holes := strings.Count(route, "{"); {
	case holes == 1 && v != nil:
		from, to := strings.IndexByte(route, '{'), strings.IndexByte(route, '}')
		add(route[:from]+"{"+x.reference(v)+"}"+route[to+1:], v)
	case holes > 0:
	case v == nil:
		add(route, nil)
	default:
		add(strings.TrimSuffix(route, "/")+"/{"+x.reference(v)+"}/", v)
		add(route+"?"+v.one+"={"+x.reference(v)+"}", v)
	}
	return out
}

// reference is how a datum's line names a variable: the element, or the selected
// value of an owner.
func (x *finding) reference(v *variable) string {
	if v.role == roleOwner {
		return v.name
	}
	return v.one
}

// answeredBy reports whether an answer of the API is the same kind of thing, and
// the path to it.
func (x *finding) answeredBy(n *node) (pick string, ok bool) {
	rows, path := n, ""
	if n.kind == nodeObject {
		if inner, at := n.mainArray(); inner != nil {
			rows, path = inner, at
		}
	}
	switch {
	case x.container == containOne && rows.kind == nodeArray && len(rows.kids) > 0 && len(x.vars) == 1 && x.vars[0].role == roleSymbol:
		rows, path = rows.kids[0], joinPath(path, "0") // the newest of one symbol
	case x.container == containOne && rows.kind == nodeArray:
		return "", false
	case x.container != containOne:
		if rows.kind != nodeArray || len(rows.kids) == 0 {
			return "", false
		}
		if x.series != "" {
			return "", false // its points may be called otherwise
		}
		return path, isSameSubject(classifyRow(rows.kids[0], x.keyHints()).subject, x.subject)
	}
	r := classifyRow(rows, x.keyHints())
	if r.pick != "" {
		path = joinPaths(path, r.pick)
	}
	return path, isSameSubject(r.subject, x.subject)
}

// joinPaths puts one path behind another.
func joinPaths(path, more string) string {
	if path == "" {
		return more
	}
	return path + "." + more
}

func isSameSubject(a, b subject) bool {
	return a == b || a == subjectQuote && b == subjectTrade || a == subjectTrade && b == subjectQuote
}
