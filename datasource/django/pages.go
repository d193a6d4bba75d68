package django

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"ticktop/datasource"
)

// page is one of DRF's pages; a body is not one when it has no rows or no next.
type page struct {
	Count   json.RawMessage   `json:"count"`
	Next    *string           `json:"next"`
	Results []json.RawMessage `json:"results"`
}

// namesNext finds a link to a next page in what cannot be read as one.
var namesNext = regexp.MustCompile(`"next"\s*:\s*"[^"]`)

// firstPage reads a page that names another one. Anything else is an answer of
// one body, which decode may still complain about. A page that names another
// one and is no JSON (Python's NaN) is a fault: its rows must not pass for all.
func firstPage(body []byte) (p page, ok bool, fault *datasource.Fault) {
	if !bytes.Contains(body, []byte(`"next"`)) || !bytes.Contains(body, []byte(`"results"`)) {
		return page{}, false, nil
	}
	err := json.Unmarshal(body, &p)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && namesNext.Match(body) {
		return page{}, false, newFault(datasource.ClassBadReply, "bad json in a page: "+syntax.Error(), "", err)
	}
	return p, err == nil && p.Results != nil && p.Next != nil && *p.Next != "", nil
}

// pages follows {count, next, results} and returns one body with all rows. Of
// next only the query is used: host and path are ours, whatever it says. rows is
// how many are enough, 0 for all.
func (c *Client) pages(ctx context.Context, u *url.URL, first []byte, rows int) (body []byte, n int, err error) {
	first = bytes.TrimPrefix(first, []byte("\ufeff"))
	p, ok, fault := firstPage(first)
	switch {
	case fault != nil:
		return nil, 1, fault
	case !ok || rows > 0 && len(p.Results) >= rows: // as it is, with the API's own count
		return first, 1, nil
	}
	all, size := p.Results, len(first)
	seen := map[string]bool{canonical(u.RawQuery): true}
	for n = 1; p.Next != nil && *p.Next != ""; n++ {
		if rows > 0 && len(all) >= rows {
			break
		}
		if n == maxPages || len(all) > maxRows {
			return nil, n, tooMany()
		}
		query, err := nextQuery(*p.Next)
		if err != nil || seen[canonical(query)] {
			return nil, n, newFault(datasource.ClassBadReply, "pages repeat (next leads back)", "", err)
		}
		seen[canonical(query)] = true
		if p, size, err = c.page(ctx, u, query, size); err != nil {
			return nil, n, err
		}
		all = append(all, p.Results...)
	}
	if len(all) > maxRows {
		return nil, n, tooMany()
	}
	return joined(all, size), n, nil
}

// page reads one further page; size counts the bytes of all.
func (c *Client) page(ctx context.Context, u *url.URL, query string, size int) (page, int, error) {
	next := *u
	next.RawQuery = query
	r, err := c.get1(ctx, &next, nil, maxBody-size)
	if err != nil {
		return page{}, size, err
	}
	var p page
	if r.missing {
		return page{}, size, newFault(datasource.ClassBadReply, "a page is missing (404)", "", nil)
	}
	if err := json.Unmarshal(bytes.TrimPrefix(r.body, []byte("\ufeff")), &p); err != nil || p.Results == nil {
		return page{}, size, newFault(datasource.ClassBadReply, "a page has no results", "", err)
	}
	return p, size + len(r.body), nil
}

// joined writes all rows as one page.
func joined(rows []json.RawMessage, size int) []byte {
	b := make([]byte, 0, size+64)
	b = append(b, `{"count":`...)
	b = strconv.AppendInt(b, int64(len(rows)), 10)
	b = append(b, `,"next":null,"previous":null,"results":[`...)
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, row...)
	}
	return append(b, "]}"...)
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

// rowsWanted returns how many rows of a paged answer the datum can use: the one
// that pick names ("results.0.bid"), what a list keeps (the API answers newest
// first), the first page's where none is picked ("count"), 0 for all.
func rowsWanted(ref *datasource.Ref) int {
	first, rest, _ := strings.Cut(ref.Fallback.Pick, ".")
	switch {
	case first == "results" && rest != "":
		step, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < maxRows {
			return i + 1
		}
	case first != "results" && first != "":
		return 1
	}
	switch ref.Kind {
	case datasource.KindList, datasource.KindStream, datasource.KindChannel:
		if ref.Keep > 0 {
			return min(ref.Keep, maxRows)
		}
		return datasource.DefaultKeep
	}
	return 0
}
