package demo

import "strconv"

// keepTrades is how many closed deals an account's list holds.
const keepTrades = 500

// trade is a closed deal.
type trade struct {
	position
	close    int64 // price in points
	closedMS int64
	why      string // "closed", "stop loss", "take profit"
}

// recordTrade appends a closed deal.
func (a *account) recordTrade(t trade) {
	if len(a.trades) == keepTrades {
		a.trades = a.trades[:copy(a.trades, a.trades[1:])]
	}
	a.trades = append(a.trades, t)
	a.untold = min(a.untold+1, keepTrades)
}

// writeTrades appends the deals closed since the last time to the account's
// list; the history replaces the list.
func (m *Market) writeTrades(a *account) {
	if m.all {
		m.batch.addCommand("DEL", a.keys.trades)
		a.untold = len(a.trades)
	}
	if a.untold == 0 {
		return
	}
	args := []any{"RPUSH", a.keys.trades}
	for i := len(a.trades) - a.untold; i < len(a.trades); i++ {
		args = append(args, m.batch.buildArgument(a.trades[i].appendJSON))
	}
	m.batch.addCommand(args...)
	m.batch.addCommand("LTRIM", a.keys.trades, strconv.Itoa(-keepTrades), "-1")
	a.untold = 0
}

func (t *trade) appendJSON(b []byte) []byte {
	d := t.quote.digits
	b = appendInt(append(b, `{"ticket":`...), t.ticket)
	b = append(append(b, `,"symbol":"`...), t.quote.name...)
	b = append(append(b, `","side":"`...), t.side.String()...)
	b = appendFixed(append(b, `","volume":`...), t.volume, 2)
	b = appendFixed(append(b, `,"open_price":`...), t.open, d)
	b = appendFixed(append(b, `,"close_price":`...), t.close, d)
	b = appendFixed(append(b, `,"pnl":`...), t.pnl, 2)
	b = append(append(b, `,"reason":"`...), t.why...)
	b = appendTime(append(b, `","opened_at":`...), t.openedMS)
	b = appendTime(append(b, `,"closed_at":`...), t.closedMS)
	return append(b, '}')
}

// tradeObject is the same for the API.
func (t *trade) tradeObject() object {
	d := t.quote.digits
	return object{
		{"ticket", t.ticket}, {"symbol", t.quote.name}, {"side", t.side.String()}, {"volume", formatFixed(t.volume, 2)},
		{"open_price", formatFixed(t.open, d)}, {"close_price", formatFixed(t.close, d)}, {"pnl", formatFixed(t.pnl, 2)}, {"reason", t.why},
		{"opened_at", isoTime(t.openedMS)}, {"closed_at", isoTime(t.closedMS)},
	}
}
