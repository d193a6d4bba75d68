package django

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource"
)

// page is one page of an answer: {count, next, results} as Django REST framework
// writes it, {links: {next}, data} as JSON:API does, or a bare array whose next
// page a Link header names.
type page struct {
	object bool
	rows   string // the field that holds the rows; "" for a bare array
	found  bool   // there are rows
	next   string // the link to the next page; "" for none
	count  int    // how many rows there are in all; -1 when it is not said
	all    []json.RawMessage
}

// namesNext finds a link to a next page in what cannot be read as one.
var namesNext = regexp.MustCompile(`"next"\s*:\s*"[^"]`)

// rowFields are what the rows of a page are called.
var rowFields = [...]string{"results", "data", "items"}

// parsePage reads a page. Next links may be in it in several places; the first
// that is a text counts, then that of the header.
func parsePage(body []byte, link string) (p page, err error) {
	p = page{count: -1, next: link}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		p.found = true
		return p, json.Unmarshal(body, &p.all)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return p, err
	}
	p.object = true
	for _, name := range rowFields {
		if rows := fields[name]; len(rows) > 0 && bytes.TrimSpace(rows)[0] == '[' {
			p.rows, p.found = name, true
			if err := json.Unmarshal(rows, &p.all); err != nil {
				return p, err
			}
			break
		}
	}
	var links struct {
		Links, Meta, Pagination struct{ Next, Count, Total json.RawMessage }
	}
	for name, part := range map[string]any{"links": &links.Links, "meta": &links.Meta, "pagination": &links.Pagination} {
		if raw := fields[name]; len(raw) > 0 {
			_ = json.Unmarshal(raw, part) // of another shape: no link
		}
	}
	for _, raw := range []json.RawMessage{links.Pagination.Next, links.Meta.Next, links.Links.Next, fields["next"]} {
		if text := textOf(raw); text != "" {
			p.next = text
		}
	}
	for _, raw := range []json.RawMessage{links.Pagination.Total, links.Pagination.Count, links.Meta.Total, links.Meta.Count, fields["count"]} {
		if n, err := strconv.Atoi(string(raw)); err == nil && n >= 0 {
			p.count = n
		}
	}
	return p, nil
}

// textOf returns a JSON text, also that of a link object, {"href": "…"}.
func textOf(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object struct{ Href string }
	_ = json.Unmarshal(raw, &object)
	return object.Href
}

// nextLink returns the target of rel=next in Link headers, "" for none.
func nextLink(headers []string) string {
	for _, h := range headers {
		for _, m := range linkValue.FindAllStringSubmatch(h, 20) {
			for _, rel := range linkRel.FindAllStringSubmatch(m[2], 5) {
				if slices.Contains(strings.Fields(strings.ToLower(rel[1]+rel[2])), "next") {
					return m[1]
				}
			}
		}
	}
	return ""
}

var (
	linkValue = regexp.MustCompile(`<([^>]*)>([^<]*)`)
	linkRel   = regexp.MustCompile(`(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))`)
)

// firstPage reads a page that names another one or says how many rows there are.
// Anything else is an answer of one body, which decode may still complain about.
// A page that names another one and is no JSON (Python's NaN) is a fault: its
// rows must not pass for all.
func firstPage(r *reply) (p page, ok bool, fault *datasource.Fault) {
	if r.link == "" && !bytes.Contains(r.body, []byte(`"next"`)) && !bytes.Contains(r.body, []byte(`"count"`)) && !bytes.Contains(r.body, []byte(`"total"`)) {
		return page{}, false, nil
	}
	p, err := parsePage(r.body, r.link)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && (r.link != "" || namesNext.Match(r.body)) {
		return page{}, false, newFault(datasource.ClassBadReply, "bad json in a page: "+syntax.Error(), "", err)
	}
	return p, err == nil && p.found, nil
}

// wholeAnswer is the rows of all pages in one body.
type wholeAnswer struct {
	body  []byte
	pages int
	note  datasource.Safe
}

// pages follows the links to next pages and returns one body with all rows. Of a
// link only the query is used: host and path are ours, whatever it says. rows is
// how many are enough, 0 for all.
func (c *Client) pages(ctx context.Context, u *url.URL, r *reply, rows int) (wholeAnswer, error) {
	first := bytes.TrimPrefix(r.body, []byte("\ufeff"))
	p, ok, fault := firstPage(r)
	switch {
	case fault != nil:
		return wholeAnswer{}, fault
	case !ok || rows > 0 && len(p.all) >= rows: // as it is, with the API's own count
		return wholeAnswer{body: first, pages: 1}, nil
	case p.next == "":
		return wholeAnswer{body: first, pages: 1, note: missingRows(len(p.all), p.count)}, nil
	}
	all, size, n := p.all, len(first), 1
	seen := map[string]bool{canonical(u.RawQuery): true}
	for next := p.next; next != "" && (rows == 0 || len(all) < rows); n++ {
		if n == maxPages || len(all) > maxRows {
			return wholeAnswer{}, tooMany()
		}
		query, err := nextQuery(next)
		if err != nil || seen[canonical(query)] {
			return wholeAnswer{}, newFault(datasource.ClassBadReply, "pages repeat (next leads back)", "", err)
		}
		seen[canonical(query)] = true
		var more page
		if more, size, err = c.page(ctx, u, query, size, p.rows); err != nil {
			return wholeAnswer{}, err
		}
		all, next = append(all, more.all...), more.next
	}
	if len(all) > maxRows {
		return wholeAnswer{}, tooMany()
	}
	out := wholeAnswer{body: joined(all, size, p), pages: n}
	if rows == 0 {
		out.note = missingRows(len(all), p.count)
	}
	return out, nil
}

// missingRows says that an API gave fewer rows than it counts.
func missingRows(got, count int) datasource.Safe {
	if count < 0 || got >= count {
		return datasource.Safe{}
	}
	return datasource.Clean(fmt.Sprintf("api gave %d of %d rows", got, count), 0)
}

// page reads one further page, whose rows are in the same field; size counts
// the bytes of all.
func (c *Client) page(ctx context.Context, u *url.URL, query string, size int, rows string) (page, int, error) {
	next := *u
	next.RawQuery = query
	r, err := c.getOnce(ctx, &next, nil, maxBody-size)
	if err != nil {
		return page{}, size, err
	}
	if r.missing {
		return page{}, size, newFault(datasource.ClassBadReply, "a page is missing (404)", "", nil)
	}
	p, err := parsePage(r.body, r.link)
	if err != nil || !p.found || p.rows != rows {
		return page{}, size, newFault(datasource.ClassBadReply, "a page has no results", "", err)
	}
	return p, size + len(r.body), nil
}

// joined writes all rows as one page.
func joined(rows []json.RawMessage, size int, first page) []byte {
	b := make([]byte, 0, size+64)
	if first.object {
		b = append(b, `{"count":`...)
		b = strconv.AppendInt(b, int64(len(rows)), 10)
		b = append(b, `,"next":null,"previous":null,"`+first.rows+`":`...)
	}
	b = append(b, '[')
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, row...)
	}
	b = append(b, ']')
	if first.object {
		b = append(b, '}')
	}
	return b
}

func tooMany() *datasource.Fault {
	return newFault(datasource.ClassTooBig, "too big (over 20 pages or 5,000 rows)", "ask for less: filter it, or pick results.0", nil)
}

// nextQuery returns the query of a next link.
func nextQuery(next string) (string, error) {
	if len(next) > 8<<10 {
		return "", strconv.ErrRange
	}
	u, err := url.Parse(next)
	if err != nil {
		return "", err
	}
	return u.RawQuery, nil
}

// canonical orders a query's parameters, so that two spellings of one page are
// known as one.
func canonical(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return query
	}
	return values.Encode()
}

func isRows(name string) bool { return slices.Contains(rowFields[:], name) }

// rowsWanted returns how many rows of a paged answer the datum can use: the one
// that pick names ("results.0.bid"), what a list keeps (the API answers newest
// first), the first page's where none is picked ("count"), 0 for all.
func rowsWanted(ref *datasource.Ref) int {
	first, rest, _ := strings.Cut(ref.Fallback.Pick, ".")
	switch {
	case isRows(first) && rest != "":
		step, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < maxRows {
			return i + 1
		}
	case !isRows(first) && first != "":
		return 1
	}
	switch ref.Kind {
	case datasource.KindList, datasource.KindStream, datasource.KindChannel:
		if ref.Keep > 0 {
			return min(ref.Keep, maxRows)
		}
		return datasource.DefaultKeep
	case datasource.KindString, datasource.KindHash, datasource.KindZSet, datasource.KindSet, datasource.KindJSON, datasource.KindTimeSeries:
	}
	return 0
}
