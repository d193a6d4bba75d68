package demo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	pageSize = 50 // PAGE_SIZE of the platform's REST_FRAMEWORK setting
	maxPage  = 500
)

// object is a JSON object whose fields keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// routeRequest serves the platform's paths. Like Django's, they end in a slash, and
// one that does not is sent there.
//
//	/api/accounts/{account}/          object
//	/api/accounts/{account}/equity/   {account, points: [{ts, equity}]}
//	/api/accounts/{account}/orders/   object of objects by ticket, as the hash
//	/api/quotes/{symbol}/             object
//	/api/prices/{symbol}/             {symbol, points: [{ts, price}]}
//	/api/candles/{symbol}/            {symbol, points: [{ts, open, high, low, close, volume}]}
//	/api/depth/{symbol}/              {symbol, ts, bids: [[price, size]], asks: […]}
//	/api/trades/?account=             pages of objects, newest first
//	/api/positions/?account=          pages of objects
//	/api/orders/?account=             pages of objects
//	/api/notifications/?account=      pages of objects, newest first
//	/api/flags/  /api/flags/{name}/   object of booleans; {name, enabled}
//	/api/counters/ …/{name}/          object of numbers; {name, value}
//	/api/accounts/  /api/quotes/      pages of objects
func (a *api) routeRequest(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if !strings.HasSuffix(path, "/") {
		to := url.URL{Path: path + "/", RawQuery: r.URL.RawQuery}
		w.Header().Set("Location", to.String())
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	rest, ok := strings.CutPrefix(path, "/api/")
	if !ok {
		writeDetail(w, http.StatusNotFound, "Not found.")
		return
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	v, list := a.view(parts, r.URL.Query().Get("account"))
	switch {
	case list != nil:
		writePageOf(w, r, list)
	case v == nil:
		writeDetail(w, http.StatusNotFound, "Not found.")
	default:
		writeJSON(w, http.StatusOK, v)
	}
}

// view returns the resource at a path: one thing, a list to be paged, or
// nothing. It holds the market still while it looks.
func (a *api) view(parts []string, account string) (one any, list []any) {
	m := a.market
	m.mu.Lock()
	defer m.mu.Unlock()
	v := marketView{m}
	name, sub := "", ""
	if len(parts) > 1 {
		name = parts[1]
	}
	if len(parts) > 2 {
		sub = parts[2]
	}
	if len(parts) > 3 {
		return nil, nil
	}
	switch parts[0] {
	case "accounts":
		return v.viewAccount(name, sub)
	}
	if sub != "" {
		return nil, nil
	}
	switch parts[0] {
	case "quotes":
		return v.viewQuotes(name)
	case "prices":
		return v.viewPrices(name), nil
	case "candles":
		return v.viewBars(name), nil
	case "depth":
		return v.viewBook(name), nil
	case "flags":
		return v.viewFlags(name), nil
	case "counters":
		return v.viewCounters(name), nil
	}
	if name != "" {
		return nil, nil
	}
	list = []any{}
	switch parts[0] {
	case "positions":
		for _, acc := range m.desk.accountsNamed(account) {
			for i := range acc.positions {
				list = append(list, acc.positions[i].positionObject())
			}
		}
	case "orders":
		for _, acc := range m.desk.accountsNamed(account) {
			for i := range acc.orders {
				list = append(list, acc.orders[i].orderObject())
			}
		}
	case "trades":
		for _, acc := range m.desk.accountsNamed(account) {
			for i := range slices.Backward(acc.trades) {
				list = append(list, acc.trades[i].tradeObject())
			}
		}
	case "notifications":
		for i := range slices.Backward(m.past) {
			if n := &m.past[i]; account == "" || n.account.id == account {
				list = append(list, object{{"ts", n.atMS}, {"level", n.level}, {"account", n.account.id}, {"text", n.text}})
			}
		}
	default:
		return nil, nil
	}
	return nil, list
}

// writePageOf is DRF's PageNumberPagination: absolute links built from Host.
func writePageOf(w http.ResponseWriter, r *http.Request, list []any) {
	query := r.URL.Query()
	size := pageSize
	if n, err := strconv.Atoi(query.Get("page_size")); err == nil && n > 0 {
		size = min(n, maxPage)
	}
	pages := max(1, (len(list)+size-1)/size)
	page := 1
	if p := query.Get("page"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > pages {
			writeDetail(w, http.StatusNotFound, "Invalid page.")
			return
		}
		page = n
	}
	link := func(n int) any {
		if n < 1 || n > pages {
			return nil
		}
		query.Set("page", strconv.Itoa(n))
		return (&url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: query.Encode()}).String()
	}
	from := (page - 1) * size
	writeJSON(w, http.StatusOK, object{
		{"count", len(list)}, {"next", link(page + 1)}, {"previous", link(page - 1)},
		{"results", list[from:min(len(list), from+size)]},
	})
}
