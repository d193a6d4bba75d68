package discover

import (
	"maps"
	"slices"
	"strings"

	"ticktop/datasource/names"
)

// subject is what a family of keys is about.
type subject uint8

const (
	subjectOther subject = iota // an object or text that nothing else fits
	subjectQuote
	subjectAccount
	subjectPosition
	subjectOrder
	subjectTrade // deals and ticks with price and size
	subjectBook
	subjectBar
	subjectPoint // a figure over time: equity, pnl
	subjectLog   // messages for people
	subjectMetrics
	subjectFlag
	subjectCounter
	subjectRanking // a sorted set whose scores are no times
	subjectNames   // a set or array of plain names
	subjectUnreadable
)

// row is what one entry, object or scalar is about, with the producer's names
// for the standard fields.
type row struct {
	subject subject
	pick    string   // path to the object inside the value
	fields  []string // "bid=bidPrice": where the producer's name is another
	time    string
	object  *node
}

func (r *row) renameField(standard, producer string) {
	if producer != "" && canonicalName(producer) != standard {
		r.fields = append(r.fields, standard+"="+producer)
	}
}

// renameUnknown gives the fields that the dashboard would not recognise by
// themselves their standard names.
func (r *row) renameUnknown(n *node, fields map[string]names.Standard) {
	for _, standard := range slices.Sorted(maps.Keys(fields)) {
		accept := isNumber
		if standard == "symbol" || standard == "side" {
			accept = anyScalar
		}
		if producer := n.fieldFor(standard, accept); producer != "" && !names.Is(fields[standard], producer) {
			r.renameField(string(fields[standard]), producer)
		}
	}
}

var (
	positionFields = map[string]names.Standard{"symbol": names.Symbol, "side": names.Side, "size": names.Volume, "entry": names.EntryPrice, "current": names.CurrentPrice, "profit": names.Profit, "stop": names.StopLoss, "target": names.TakeProfit}
	accountFields  = map[string]names.Standard{"equity": names.Equity, "balance": names.Balance}
)

// classifyRow decides what an object or a scalar is about. hints are the words
// of its key.
func classifyRow(n *node, hints []string) row {
	if n == nil {
		return row{}
	}
	switch n.kind {
	case nodeUnreadable:
		return row{subject: subjectUnreadable}
	case nodeBool:
		return row{subject: subjectFlag}
	case nodeNumber:
		return row{subject: scalarSubject(n, hints)}
	case nodeText:
		if isSwitch(n.text) {
			return row{subject: subjectFlag}
		}
		return row{}
	case nodeObject:
		return classifyObject(n, hints, "", 0)
	}
	return row{}
}

// priceWords say that a bare number under such a key is a price.
var priceWords = []string{"price", "prices", "last", "ltp", "quote", "px", "tick", "mid", "rate", "mark"}

func scalarSubject(n *node, hints []string) subject {
	if hasHint(hints, "volume", "count", "counter", "offset", "latency", "total", "time", "size", "number", "pnl", "status") {
		return subjectCounter
	}
	if (n.text == "0" || n.text == "1") && hasHint(hints, "flag", "flags", "feature", "switch", "enabled", "active", "running", "toggle", "halt", "kill") {
		return subjectFlag
	}
	if hasHint(hints, priceWords...) && n.num > 0 && !isInstant(n.num) {
		return subjectQuote
	}
	return subjectCounter
}

func isSwitch(s string) bool {
	switch strings.ToLower(s) {
	case "on", "off", "yes", "no", "enabled", "disabled", "connected", "disconnected", "running", "stopped", "active", "inactive", "open", "closed", "up", "down", "ok", "halted", "paused", "online", "offline":
		return true
	}
	return false
}

func hasHint(hints []string, any ...string) bool {
	return slices.ContainsFunc(hints, func(h string) bool { return slices.Contains(any, h) })
}

// classifyObject decides by the fields; it looks into one object inside where
// the outer one is only an envelope.
func classifyObject(n *node, hints []string, path string, depth int) row {
	r := row{pick: path, time: n.timeField(), object: n}
	symbol := n.fieldFor("symbol", anyScalar)
	bids, asks := n.fieldFor("bids", isLevels), n.fieldFor("asks", isLevels)
	bid, ask, last := n.fieldFor("bid", isNumber), n.fieldFor("ask", isNumber), n.fieldFor("last", isNumber)
	size, side := n.fieldFor("size", isNumber), n.fieldFor("side", anyScalar)
	profit, text := n.fieldFor("profit", isNumber), n.fieldFor("text", isText)
	switch {
	case bids != "" && asks != "":
		r.subject = subjectBook
		r.renameField("bids", bids)
		r.renameField("asks", asks)
	case n.isBar():
		r.subject = subjectBar
		for _, f := range []string{"open", "high", "low", "close", "volume"} {
			r.renameField(f, n.fieldFor(f, isNumber))
		}
	case bid != "" && ask != "" && profit == "" && n.isQuote(bid, ask):
		r.subject = subjectQuote
		r.renameField("bid", bid)
		r.renameField("ask", ask)
		r.renameField("last", n.fieldFor("last", func(k *node) bool { return k.kind == nodeNumber && k.num != 0 }))
	case isOrder(n, side, size, hints):
		r.subject = subjectOrder
	case isPosition(n, symbol, size, side, profit, hints):
		r.subject = subjectPosition
		r.renameUnknown(n, positionFields)
	case isAccount(n, hints):
		r.subject = subjectAccount
		r.renameUnknown(n, accountFields)
	case last != "" && size != "" && (side != "" || n.isTrade()) && canonicalName(size) != "volume":
		r.subject = subjectTrade
		r.renameField("last", last)
	case text != "" && n.fieldFor("level", anyScalar) != "":
		r.subject = subjectLog
	case r.isPoint(n):
		r.subject = subjectPoint
	case last != "" && !hasHint(hints, "risk", "stats", "metrics", "signal", "settings", "enriched", "analysis"):
		r.subject = subjectQuote
		r.renameField("last", last)
	default:
		return n.classifyRest(r, hints, text, depth)
	}
	return r
}

// classifyRest decides what the standard fields do not.
func (n *node) classifyRest(r row, hints []string, text string, depth int) row {
	if depth < 2 {
		if inner, ok := n.findEnvelope(hints, r.pick, depth); ok {
			return inner
		}
	}
	numbers, switches := 0, 0
	for _, k := range n.kids {
		switch {
		case k.kind == nodeNumber:
			numbers++
		case k.kind == nodeBool || k.kind == nodeText && isSwitch(k.text):
			switches++
		}
	}
	switch {
	case text != "":
		r.subject = subjectLog
	case switches > 1 && switches*2 > len(n.kids):
		r.subject = subjectFlag
	case numbers > 0 && numbers*2 >= len(n.kids):
		r.subject = subjectMetrics
	}
	return r
}

// findEnvelope looks for the one object inside that says more than the object
// itself: {"stream": …, "data": {…}}.
func (n *node) findEnvelope(hints []string, path string, depth int) (row, bool) {
	for i, k := range n.kids {
		if k.kind != nodeObject || len(k.names) == 0 || len(k.names) < len(n.names)-1 && !isEnvelopeName(n.names[i]) || isElementName(n.names[i]) {
			continue
		}
		inner := classifyObject(k, hints, joinPath(path, n.names[i]), depth+1)
		if inner.subject != subjectOther && inner.subject != subjectMetrics && inner.subject != subjectFlag {
			return inner, true
		}
	}
	return row{}, false
}

// isElementName reports whether a name is a symbol or an id rather than a word:
// a path never goes through one.
func isElementName(name string) bool {
	return anySymbol(name) || (currencies[name] || coins[name] || quoted[name]) && name != "OP" || classifyWord(name).class == pieceElement || isDigits(name)
}

func isEnvelopeName(name string) bool {
	switch canonicalName(name) {
	case "data", "payload", "result", "body", "quote", "tick", "ticker", "value", "content", "message", "book", "orderbook", "item", "items", "rows", "results", "list", "positions", "orders", "openpositions", "openorders":
		return true
	}
	return false
}

// joinPath adds a name to a pick path; a name with dots is quoted.
func joinPath(path, name string) string {
	if strings.ContainsAny(name, ".'") {
		name = "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// isQuote reports whether two fields are a bid and an ask: those with names of
// one letter must look like it, because a trade's ids have such names too.
func (n *node) isQuote(bid, ask string) bool {
	if len(bid) > 1 && len(ask) > 1 {
		return true
	}
	b, a := n.field(bid).num, n.field(ask).num
	return b > 0 && a >= b && a < b*1.5
}

func (n *node) isBar() bool {
	return n.has("open") && n.has("high") && n.has("low") && n.has("close") && n.fieldFor("bid", isNumber) == "" || n.isShortBar()
}

// isShortBar recognises {t, o, h, l, c, v}.
func (n *node) isShortBar() bool {
	for _, f := range []string{"o", "h", "l", "c"} {
		if k := n.field(f); k == nil || k.kind != nodeNumber {
			return false
		}
	}
	return true
}

func (n *node) isTrade() bool {
	for _, name := range n.names {
		switch canonicalName(name) {
		case "tradeid", "isbuyermaker", "maker", "aggressor", "liquidity", "m":
			return true
		}
	}
	return false
}

// accountWords are names of fields that only accounts have.
var accountWords = wordSet("equity totalequity accountequity eq nlv balance accountbalance cash cashbalance walletbalance availablebalance totalbalance totalcashvalue bal margin freemargin marginfree usedmargin marginused marginlevel initialmargin maintmargin availablemargin fm totalvalue nav buyingpower availablefunds netliquidation netliq available accountvalue portfoliovalue saldo kontostand solde eigenkapital patrimonio marge")

// accountHints are words of keys that hold accounts.
var accountHints = strings.Fields("account accounts acct acc accountsummary balance balances wallet funds summary konto depot compte cuenta conta")

func isAccount(n *node, hints []string) bool {
	count := 0
	for i, name := range n.names {
		if accountWords[canonicalName(name)] && n.kids[i].isScalar() {
			count++
		}
	}
	near := hasHint(hints, accountHints...)
	if total := n.field("total"); near && count == 0 && total != nil && total.kind == nodeNumber {
		return true
	}
	return count >= 2 || count == 1 && (near || len(n.names) <= 8 && n.timeField() == "" && n.fieldFor("balance", isNumber) != "") && n.fieldFor("symbol", isText) == ""
}

// positionHints are words of keys that hold open positions.
var positionHints = strings.Fields("position positions holding holdings portfolio pos openpositions positionen posiciones posicoes posizioni pozycje")

// orderHints are words of keys that hold orders.
var orderHints = strings.Fields("order orders pendingorders openorders auftraege ordres ordenes ordens ordini")

func isPosition(n *node, symbol, size, side, profit string, hints []string) bool {
	near := hasHint(hints, positionHints...)
	entry := n.fieldFor("entry", isNumber)
	switch {
	case near && (size != "" || profit != "" || entry != "" && symbol != ""):
		return true
	case profit != "" && size != "" && (side != "" || entry != ""):
		return true
	case symbol != "" && profit != "" && entry != "" && canonicalName(entry) != "price":
		return true
	}
	return false
}

func isOrder(n *node, side, size string, hints []string) bool {
	if hasHint(hints, "position", "positions", "trade", "trades", "deals", "fills", "executions") {
		return false
	}
	marks := 0
	for _, name := range n.names {
		switch canonicalName(name) {
		case "orderid", "clordid", "clientorderid", "ordertype", "timeinforce", "tif", "filled", "filledqty", "filledquantity", "remaining", "limitprice", "stopprice", "reduceonly", "postonly", "executedqty", "orderstatus", "lmtprice", "limit":
			marks++
		case "status", "state":
			marks++
		}
	}
	near := hasHint(hints, orderHints...)
	return side != "" && size != "" && (marks >= 2 || near && marks >= 1) || near && size != "" && marks >= 1
}

// isPoint recognises a figure with its time, such as {ts, equity}.
func (r *row) isPoint(n *node) bool {
	if f := n.field("rate"); f != nil && f.kind == nodeNumber && r.time != "" && len(n.names) <= 8 {
		return true // funding
	}
	if r.time == "" || len(n.names) > 4 {
		return false
	}
	return n.pointValue() != "" && n.fieldFor("symbol", anyScalar) == ""
}

// pointValue is the field that a point in time is about.
func (n *node) pointValue() string {
	for _, want := range []string{"equity", "value", "pnl", "profit", "balance", "nav", "total", "totalvalue", "rate", "v", "y", "y1"} {
		for i, name := range n.names {
			if canonicalName(name) == want && n.kids[i].kind == nodeNumber {
				return name
			}
		}
	}
	return ""
}
