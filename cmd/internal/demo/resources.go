package demo

import (
	"encoding/json"
	"strconv"
	"time"
)

// marketView is a market as the API serves it. Its lock is held.
type marketView struct{ market *Market }

func (v marketView) viewAccount(id, sub string) (one any, list []any) {
	if id == "" {
		for _, a := range v.market.desk.accounts {
			list = append(list, v.accountObject(a))
		}
		return nil, list
	}
	found := v.market.desk.accountsNamed(id)
	if len(found) == 0 {
		return nil, nil
	}
	a := found[0]
	switch sub {
	case "":
		return v.accountObject(a), nil
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

func (v marketView) viewQuotes(symbol string) (one any, list []any) {
	if q := v.market.byName[symbol]; q != nil {
		return q.quoteObject(), nil
	}
	if symbol != "" {
		return nil, nil
	}
	for _, q := range v.market.quotes {
		list = append(list, q.quoteObject())
	}
	return nil, list
}

func (v marketView) viewPrices(symbol string) any {
	if q := v.market.byName[symbol]; q != nil {
		return object{{"symbol", q.name}, {"points", q.series.sampleObjects("price")}}
	}
	return nil
}

func (v marketView) viewBars(symbol string) any {
	q := v.market.byName[symbol]
	if q == nil {
		return nil
	}
	points := make([]any, len(q.bars.done))
	for i := range q.bars.done {
		points[i] = q.bars.done[i].barObject(q.digits)
	}
	return object{{"symbol", q.name}, {"points", points}}
}

func (v marketView) viewBook(symbol string) any {
	if q := v.market.byName[symbol]; q != nil {
		return q.bookObject()
	}
	return nil
}

func (v marketView) viewFlags(name string) any {
	all := object{}
	for _, f := range v.market.flags {
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

func (v marketView) viewCounters(name string) any {
	all := object{}
	for _, c := range statCounters() {
		if c.name == name {
			return object{{"name", c.name}, {"value", c.get(v.market)}}
		}
		all = append(all, member{c.name, c.get(v.market)})
	}
	if name != "" {
		return nil
	}
	return all
}

// The serializers. A DecimalField is a string; a DateTimeField is ISO 8601.

func isoTime(ms int64) string { return time.UnixMilli(ms).UTC().Format(isoLayout) }

func (v marketView) accountObject(a *account) object {
	o := object{}
	for _, f := range a.accountFields(v.market) {
		var value any = f.value
		if f.kind == fieldInteger {
			value = json.RawMessage(f.value)
		}
		o = append(o, member{f.name, value})
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
