package demo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
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
		return m.viewAccount(name, sub)
	}
	if sub != "" {
		return nil, nil
	}
	switch parts[0] {
	case "quotes":
		return m.viewQuotes(name)
	case "prices":
		return m.viewPrices(name), nil
	case "candles":
		return m.viewBars(name), nil
	case "depth":
		return m.viewBook(name), nil
	case "flags":
		return m.viewFlags(name), nil
	case "counters":
		return m.viewCounters(name), nil
	}
	if name != "" {
		return nil, nil
	}
	list = []any{}
	switch parts[0] {
	case "positions":
		for _, acc := range m.accountsNamed(account) {
			for i := range acc.positions {
				list = append(list, acc.positions[i].positionObject())
			}
		}
	case "orders":
		for _, acc := range m.accountsNamed(account) {
			for i := range acc.orders {
				list = append(list, acc.orders[i].orderObject())
			}
		}
	case "trades":
		for _, acc := range m.accountsNamed(account) {
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

// accountsNamed is the account of that name, or all without one.
func (m *Market) accountsNamed(id string) (found []*account) {
	for _, a := range m.desk.accounts {
		if id == "" || a.id == id {
			found = append(found, a)
		}
	}
	return found
}

func (m *Market) viewAccount(id, sub string) (one any, list []any) {
	if id == "" {
		for _, a := range m.desk.accounts {
			list = append(list, m.accountObject(a))
		}
		return nil, list
	}
	found := m.accountsNamed(id)
	if len(found) == 0 {
		return nil, nil
	}
	a := found[0]
	switch sub {
	case "":
		return m.accountObject(a), nil
	case "equity":
		return object{{"account", a.id}, {"points", a.series.sampleObjects("equity")}}, nil
	case "orders":
		orders := object{}
		for i := range a.orders {
			orders = append(orders, member{strconv.FormatInt(a.orders[i].ticket, 10), a.orders[i].orderObject()})
		}
		return orders, nil
	}
	return nil, nil
}

func (m *Market) viewQuotes(symbol string) (one any, list []any) {
	if q := m.byName[symbol]; q != nil {
		return q.quoteObject(), nil
	}
	if symbol != "" {
		return nil, nil
	}
	for _, q := range m.quotes {
		list = append(list, q.quoteObject())
	}
	return nil, list
}

func (m *Market) viewPrices(symbol string) any {
	if q := m.byName[symbol]; q != nil {
		return object{{"symbol", q.name}, {"points", q.series.sampleObjects("price")}}
	}
	return nil
}

func (m *Market) viewBars(symbol string) any {
	q := m.byName[symbol]
	if q == nil {
		return nil
	}
	points := make([]any, len(q.bars.done))
	for i := range q.bars.done {
		points[i] = q.bars.done[i].barObject(q.digits)
	}
	return object{{"symbol", q.name}, {"points", points}}
}

func (m *Market) viewBook(symbol string) any {
	if q := m.byName[symbol]; q != nil {
		return q.bookObject()
	}
	return nil
}

func (m *Market) viewFlags(name string) any {
	all := object{}
	for _, f := range m.flags {
		if f.name == name {
			return object{{"name", f.name}, {"enabled", f.on}}
		}
		all = append(all, member{f.name, f.on})
	}
	if name != "" {
		return nil
	}
	return all
}

func (m *Market) viewCounters(name string) any {
	all := object{}
	for _, c := range statCounters() {
		if c.name == name {
			return object{{"name", c.name}, {"value", c.get(m)}}
		}
		all = append(all, member{c.name, c.get(m)})
	}
	if name != "" {
		return nil
	}
	return all
}

// The serializers. A DecimalField is a string; a DateTimeField is ISO 8601.

func isoTime(ms int64) string { return time.UnixMilli(ms).UTC().Format(isoLayout) }

func (m *Market) accountObject(a *account) object {
	o := object{}
	for _, f := range a.accountFields(m) {
		var v any = f.value
		if f.kind == fieldInteger {
			v = json.RawMessage(f.value)
		}
		o = append(o, member{f.name, v})
	}
	return o
}

func (q *quote) quoteObject() object {
	return object{
		{"symbol", q.name},
		{"bid", formatFixed(q.bid, q.digits)}, {"ask", formatFixed(q.ask, q.digits)}, {"last", formatFixed(q.midPrice(), q.digits)},
		{"change_pct", formatFixed(q.changePct(), 2)}, {"volume", q.volume}, {"ts", isoTime(q.atMS)},
		{"open", formatFixed(q.open, q.digits)}, {"high", formatFixed(q.high, q.digits)}, {"low", formatFixed(q.low, q.digits)},
	}
}

func (p *position) positionObject() object {
	d := p.quote.digits
	return object{
		{"ticket", p.ticket}, {"symbol", p.quote.name}, {"side", p.side.String()}, {"volume", formatFixed(p.volume, 2)},
		{"contract_size", int64(p.quote.contract)},
		{"open_price", formatFixed(p.open, d)}, {"price", formatFixed(p.closingPrice(), d)}, {"sl", formatFixed(p.stop, d)}, {"tp", formatFixed(p.target, d)}, {"pnl", formatFixed(p.pnl, 2)}, {"opened_at", isoTime(p.openedMS)},
	}
}

func (o *order) orderObject() object {
	d := o.quote.digits
	return object{
		{"ticket", o.ticket}, {"symbol", o.quote.name}, {"side", o.side.String()}, {"type", o.kind}, {"volume", formatFixed(o.volume, 2)},
		{"price", formatFixed(o.price, d)}, {"market", formatFixed(o.quote.midPrice(), d)}, {"status", "working"}, {"created_at", isoTime(o.createdMS)},
	}
}

func (s *series) sampleObjects(value string) []any {
	points := make([]any, 0, s.len())
	s.eachSample(func(p sample) {
		points = append(points, object{{"ts", p.sec}, {value, formatFixed(p.value, s.digits)}})
	})
	return points
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
