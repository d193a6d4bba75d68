package demo

import (
	"strconv"
	"time"
)

// The payloads are put together by hand: they are written thousands of times a
// second in the process that also draws them.

// appendTick writes what travels on ticks:{symbol}.
func (q *quote) appendTick(b []byte) []byte {
	b = append(b, `{"symbol":"`...)
	b = append(b, q.name...)
	b = q.appendPrices(b)
	return append(b, '}')
}

// appendQuote writes what quote:{symbol} holds.
func (q *quote) appendQuote(b []byte) []byte {
	b = append(b, `{"symbol":"`...)
	b = append(b, q.name...)
	b = q.appendPrices(b)
	b = appendFixed(append(b, `,"open":`...), q.open, q.digits)
	b = appendFixed(append(b, `,"high":`...), q.high, q.digits)
	b = appendFixed(append(b, `,"low":`...), q.low, q.digits)
	return append(b, '}')
}

func (q *quote) appendPrices(b []byte) []byte {
	b = appendFixed(append(b, `","bid":`...), q.bid, q.digits)
	b = appendFixed(append(b, `,"ask":`...), q.ask, q.digits)
	b = appendFixed(append(b, `,"last":`...), q.midPrice(), q.digits)
	b = appendFixed(append(b, `,"change_pct":`...), q.changePct(), 2)
	b = appendInt(append(b, `,"volume":`...), q.volume)
	return appendInt(append(b, `,"ts":`...), q.atMS)
}

func (a *account) appendPositions(b []byte) []byte {
	b = append(b, '[')
	for i := range a.positions {
		if i > 0 {
			b = append(b, ',')
		}
		b = a.positions[i].appendJSON(b)
	}
	return append(b, ']')
}

func (p *position) appendJSON(b []byte) []byte {
	d := p.quote.digits
	b = appendInt(append(b, `{"ticket":`...), p.ticket)
	b = append(append(b, `,"symbol":"`...), p.quote.name...)
	b = append(append(b, `","side":"`...), p.side.String()...)
	b = appendFixed(append(b, `","volume":`...), p.volume, 2)
	b = appendInt(append(b, `,"contract_size":`...), int64(p.quote.contract))
	b = appendFixed(append(b, `,"open_price":`...), p.open, d)
	b = appendFixed(append(b, `,"price":`...), p.closingPrice(), d)
	b = appendFixed(append(b, `,"sl":`...), p.stop, d)
	b = appendFixed(append(b, `,"tp":`...), p.target, d)
	b = appendFixed(append(b, `,"pnl":`...), p.pnl, 2)
	b = appendTime(append(b, `,"opened_at":`...), p.openedMS)
	return append(b, '}')
}

func (o *order) appendJSON(b []byte) []byte {
	d := o.quote.digits
	b = appendInt(append(b, `{"ticket":`...), o.ticket)
	b = append(append(b, `,"symbol":"`...), o.quote.name...)
	b = append(append(b, `","side":"`...), o.side.String()...)
	b = append(append(b, `","type":"`...), o.kind...)
	b = appendFixed(append(b, `","volume":`...), o.volume, 2)
	b = appendFixed(append(b, `,"price":`...), o.price, d)
	b = appendFixed(append(b, `,"market":`...), o.quote.midPrice(), d)
	b = append(b, `,"status":"working"`...)
	b = appendTime(append(b, `,"created_at":`...), o.createdMS)
	return append(b, '}')
}

// isoLayout is how Django writes a DateTimeField.
const isoLayout = "2006-01-02T15:04:05.000000Z"

// appendTime writes epoch milliseconds as a quoted ISO 8601 time.
func appendTime(b []byte, ms int64) []byte {
	return append(time.UnixMilli(ms).UTC().AppendFormat(append(b, '"'), isoLayout), '"')
}

func (n *note) appendJSON(b []byte) []byte {
	b = appendInt(append(b, `{"ts":`...), n.atMS)
	b = append(append(b, `,"level":"`...), n.level...)
	b = append(append(b, `","account":"`...), n.account.id...)
	b = strconv.AppendQuote(append(b, `","text":`...), n.text) // texts are plain ASCII, so Go's quoting is JSON's
	return append(b, '}')
}

// field is one field of an account: as the hash and the API hold it.
type field struct {
	name  string
	value string
	kind  fieldKind
}

type fieldKind uint8

const (
	fieldText    fieldKind = iota
	fieldDecimal           // a DecimalField: the API quotes it
	fieldInteger
)

// accountFields lists what account:{account} holds.
func (a *account) accountFields(m *Market) []field {
	s := &a.sums
	money := func(name string, cents int64) field { return field{name, formatFixed(cents, 2), fieldDecimal} }
	count := func(name string, n int64) field { return field{name, strconv.FormatInt(n, 10), fieldInteger} }
	return []field{
		{"account", a.id, fieldText},
		{"currency", a.currency, fieldText},
		money("equity", s.equity),
		money("balance", a.balance),
		money("margin", s.margin),
		money("free_margin", s.equity-s.margin),
		money("margin_level", s.marginLevel),
		money("pnl_open", s.pnl),
		money("pnl_day", s.equity-a.dayStart),
		money("pnl_realised", a.balance-a.dayStart),
		money("day_start_equity", a.dayStart),
		money("drawdown", s.drawdown),
		money("exposure", s.exposure),
		money("margin_use", s.marginUse),
		money("day_loss", s.dayLoss),
		money("day_loss_limit", a.limit),
		count("open_positions", int64(len(a.positions))),
		count("open_orders", int64(len(a.orders))),
		count("fills_today", a.fills),
		count("rejects_today", a.rejects),
		count("leverage", a.leverage),
		{"session", m.session, fieldText},
		{"updated_at", m.clock.UTC().Format(isoLayout), fieldText},
	}
}
