package discover

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// page is one page of the dashboard.
type page struct {
	name string
	rows []pageRow
}

type pageRow struct {
	height string
	panels []string
}

// roles are the data that the pages are made of, the best of each first.
type roles struct {
	quotes, accounts, positions, orders, books, bars, points, sparks, trades, feeds, flags, rest []*entry
	levels                                                                                       []*entry // sides of a book
}

// composePages takes up the findings as data, the best first, and lays out the
// pages.
func (p *plan) composePages(findings []*finding) {
	rankFindings(findings)
	var r roles
	for _, x := range findings {
		p.takeFinding(x, &r)
	}
	slices.SortStableFunc(r.bars, func(a, b *entry) int { return barRank(a) - barRank(b) })
	slices.SortStableFunc(r.sparks, func(a, b *entry) int { return sparkRank(a) - sparkRank(b) })
	slices.SortStableFunc(r.feeds, func(a, b *entry) int { return feedRank(a) - feedRank(b) })
	p.deskPage(&r)
	p.marketPage(&r)
	p.bookPage(&r)
	p.logPage(&r)
	p.morePage(&r)
}

// rankFindings sorts by what a trader looks at first.
func rankFindings(findings []*finding) {
	order := map[subject]int{subjectQuote: 9, subjectAccount: 10, subjectPosition: 8, subjectOrder: 7, subjectBar: 6, subjectPoint: 6, subjectBook: 5, subjectTrade: 4, subjectFlag: 3, subjectLog: 3, subjectMetrics: 2}
	for _, x := range findings {
		x.rank = order[x.subject] * 1000
		if x.live != nil {
			x.rank += 300
		}
		if x.container == containOne || x.container == containRows {
			x.rank += 200
		}
		if x.object != nil && x.object.has("bid") && x.object.has("ask") {
			x.rank += 250
		}
		if hasHint(x.keyHints(), "equity", "account", "positions", "orders") {
			x.rank += 150
		}
		if len(x.vars) == 0 && x.subject == subjectQuote && x.container == containOne {
			x.rank -= 4000
		}
		if x.subject == subjectTrade && x.container == containOne && len(x.vars) > 0 {
			x.rank += 4800 // a last price is a quote
		}
		if hasHint(x.keyHints(), "alert", "alerts", "notification", "notifications", "whisper", "whispers") && (x.container == containHistory) {
			x.rank += 4000
		}
		if len(x.vars) > 1 {
			x.rank -= 50 * len(x.vars)
		}
		x.rank += min(len(x.keys), 100)
	}
	slices.SortStableFunc(findings, func(a, b *finding) int {
		if a.rank != b.rank {
			return b.rank - a.rank
		}
		return strings.Compare(a.keys[0], b.keys[0])
	})
}

// barRank prefers bars of a few minutes: a day is one bar, and a second none
// that is seen.
func barRank(e *entry) int {
	for _, part := range e.x.parts {
		if part.class != pieceWord || !isTimeframe(part.text) && !isDigits(part.text) {
			continue
		}
		switch strings.ToLower(part.text) {
		case "1m", "m1", "1min", "minute", "1", "60":
			return 0
		case "5m", "m5", "5min", "5", "15m", "m15", "15min", "15":
			return 1
		case "1s", "1d", "d1", "1w", "1day", "daily", "weekly":
			return 4
		}
		return 3
	}
	return 2
}

// sparkRank prefers what keeps a history to an array that expires.
func sparkRank(e *entry) int {
	if e.x.container == containHistory {
		return 0
	}
	return 1
}

// feedRank prefers what is written for people.
func feedRank(e *entry) int {
	switch alerts := hasHint(e.x.keyHints(), "alert", "alerts", "notification", "notifications", "message", "messages", "whisper", "whispers", "warnings", "events"); {
	case e.x.subject == subjectLog && alerts && e.x.kind != kindChannel:
		return 0
	case e.x.subject == subjectLog && alerts:
		return 1
	case e.x.subject == subjectLog:
		return 2
	case e.x.subject == subjectTrade, e.x.subject == subjectOrder:
		return 3
	case e.x.subject == subjectQuote, e.x.subject == subjectBook, e.x.subject == subjectBar:
		return 6 // every tick
	case e.x.subject == subjectPosition:
		return 5
	}
	return 4
}

// latestOf makes the newest entry of a history the datum.
func latestOf(x *finding) {
	x.lead = append(x.lead, "latest: true")
	x.series = ""
}

// rowsOf keeps a history's entries as they are.
func rowsOf(x *finding) { x.series = "" }

// takeFinding makes the data of one finding.
func (p *plan) takeFinding(x *finding, r *roles) {
	put := func(list *[]*entry, name string, change func(*finding)) *entry {
		if x.called != "" {
			name = x.called
		}
		e := p.addDatum(x, name, change)
		if e != nil {
			*list = append(*list, e)
		}
		return e
	}
	word := x.keyWords()
	history := x.container == containHistory && x.kind != kindChannel
	single := len(x.vars) == 0 && x.container == containOne
	switch x.subject {
	case subjectQuote, subjectTrade:
		switch {
		case x.kind == kindChannel:
			put(&r.feeds, word, nil)
		case history && x.namesSymbols():
			if x.subject == subjectQuote && len(r.quotes) == 0 {
				put(&r.quotes, nameOrWords(p, "quote", word), rowsOf) // the newest entry of each symbol
			} else if x.subject == subjectTrade {
				put(&r.trades, word, rowsOf)
			} else {
				put(&r.feeds, word, rowsOf)
			}
		case history && x.subject == subjectQuote:
			if !r.quotesFor(x) {
				put(&r.quotes, nameOrWords(p, "quote", word), latestOf)
			}
			if x.series != "" {
				put(&r.sparks, withEnd(word, "history"), nil)
			}
		case history:
			if !r.quotesFor(x) {
				put(&r.quotes, nameOrWords(p, "quote", word+"_last"), latestOf)
			}
			put(&r.trades, word, rowsOf)
			if x.series != "" {
				put(&r.sparks, withEnd(word, "price"), nil)
			}
		case single && x.object == nil:
			put(&r.rest, word, nil)
		case x.container == containRows && x.series != "" && x.subject == subjectTrade:
			put(&r.trades, word, rowsOf)
		case x.container == containRows && x.series != "":
			put(&r.sparks, word, nil)
		default:
			put(&r.quotes, nameOrWords(p, "quote", word), nil)
		}
	case subjectAccount:
		if history {
			put(&r.points, word, nil)
		} else if x.container == containRows {
			put(&r.rest, word, nil)
		} else {
			put(&r.accounts, nameOrWords(p, "account", word), nil)
		}
	case subjectPosition:
		if history || x.kind == kindChannel {
			put(&r.feeds, word, rowsOf)
		} else {
			put(&r.positions, nameOrWords(p, "positions", word), nil)
		}
	case subjectOrder:
		if history || x.kind == kindChannel {
			put(&r.feeds, word, rowsOf)
		} else {
			put(&r.orders, nameOrWords(p, "orders", word), nil)
		}
	case subjectBook:
		switch {
		case x.kind == kindChannel:
			put(&r.feeds, word, nil)
		case x.levels:
			put(&r.levels, word, nil)
		case history:
			put(&r.books, nameOrWords(p, "book", word), latestOf)
		default:
			put(&r.books, nameOrWords(p, "book", word), nil)
		}
	case subjectBar:
		if x.series == "" || x.kind == kindChannel {
			put(&r.rest, word, nil)
		} else {
			put(&r.bars, word, nil)
		}
	case subjectPoint:
		if x.isPriceSeries() && !r.quotesFor(x) {
			put(&r.quotes, nameOrWords(p, "quote", word+"_last"), latestOf)
		}
		switch {
		case x.series == "":
			put(&r.rest, word, nil)
		case x.isPriceSeries():
			put(&r.sparks, word, nil)
		default:
			put(&r.points, word, nil)
		}
	case subjectFlag:
		put(&r.flags, word, nil)
	case subjectLog:
		if history || x.kind == kindChannel {
			put(&r.feeds, word, rowsOf)
		} else {
			put(&r.rest, word, nil)
		}
	case subjectUnreadable:
		p.left = append(p.left, &note{reason: "binary that cannot be read", keys: len(x.keys), sample: x.keys[0]})
	case subjectNames:
		put(&r.rest, word, nil)
	case subjectRanking:
		if x.levels && hasHint(x.keyHints(), "bid", "bids", "ask", "asks", "buy", "buys", "sell", "sells") {
			put(&r.levels, word, nil)
		} else {
			put(&r.rest, word, nil)
		}
	default:
		if history || x.kind == kindChannel {
			put(&r.feeds, word, rowsOf)
		} else {
			put(&r.rest, word, nil)
		}
	}
}

// withEnd adds a word to a name that does not end with it.
func withEnd(word, end string) string {
	if strings.HasSuffix(word, end) {
		return word
	}
	return word + "_" + end
}

// namesSymbols reports whether one history holds the entries of all symbols, as
// a stream of every tick does: its entries make no one series.
func (x *finding) namesSymbols() bool {
	return x.object != nil && x.object.fieldFor("symbol", isText) != "" && !slices.ContainsFunc(x.vars, func(v *variable) bool { return v.role == roleSymbol })
}

// isPriceSeries reports whether a series without names is of prices: its key
// says so.
func (x *finding) isPriceSeries() bool {
	return x.kind == "TSDB-TYPE" && len(x.vars) == 1 && x.vars[0].role == roleSymbol && slices.ContainsFunc(x.keyHints(), func(h string) bool {
		return strings.Contains(h, "price") || slices.Contains([]string{"last", "mid", "px", "tick", "ticks", "quote", "quotes", "close"}, h)
	})
}

// quotesFor reports whether there are quotes for the finding's symbols.
func (r *roles) quotesFor(x *finding) bool {
	return slices.ContainsFunc(r.quotes, func(e *entry) bool {
		return len(e.x.vars) > 0 && len(x.vars) > 0 && slices.ContainsFunc(x.vars, func(v *variable) bool { return slices.Contains(e.x.vars, v) })
	})
}

// nameOrWords is the plain name where it is free, else the words of the key.
func nameOrWords(p *plan, plain, word string) string {
	if !p.names[plain] {
		return plain
	}
	if word == "" || word == plain {
		return plain
	}
	return word
}

// oneOf names one item of a group: that of the selected symbol.
func oneOf(e *entry) string {
	if !e.group {
		return e.name
	}
	name := e.name
	for _, v := range loopOrder(e.x.vars) {
		if v.role != roleOwner {
			name += ".{" + v.name + "}"
		}
	}
	return name
}

// linkedTo names the group, which follows the selected symbol, where only the
// symbol varies.
func linkedTo(e *entry) string {
	if vars := loopOrder(e.x.vars); e.group && len(vars) == 1 && vars[0].role == roleSymbol {
		return e.name
	}
	return oneOf(e)
}

// loopOrder is the order in which items are named: by the names of the for
// variables.
func loopOrder(vars []*variable) []*variable {
	out := slices.Clone(vars)
	slices.SortFunc(out, func(a, b *variable) int { return strings.Compare(a.one, b.one) })
	return slices.Compact(out)
}

// panelLine writes one widget.
func panelLine(kind string, e *entry, options ...string) string {
	return panelOf(kind, e.name, options...)
}

func panelOf(kind, data string, options ...string) string {
	parts := append([]string{"type: " + kind, "data: " + scalarYAML(data)}, options...)
	return "{" + strings.Join(parts, ", ") + "}"
}

func titleOption(e *entry) string { return "title: " + quoteYAML(titleCase(e.name)) }

func titleCase(name string) string {
	t := strings.ReplaceAll(name, "_", " ")
	if t == "" {
		return t
	}
	return strings.ToUpper(t[:1]) + t[1:]
}

func fieldsOption(e *entry) []string {
	if e.x.labels == nil {
		return nil
	}
	var out []string
	for _, l := range e.x.labels {
		out = append(out, scalarYAML(l))
	}
	return []string{"fields: [" + strings.Join(out, ", ") + "]"}
}

// generalPanel is the widget that shows any datum.
func generalPanel(e *entry, options ...string) string {
	options = append([]string{titleOption(e)}, options...)
	x := e.x
	switch {
	case x.subject == subjectFlag:
		return panelLine("flags", e, options...)
	case x.series != "":
		return panelOf("chart", e.name, options...)
	case x.kind == kindChannel, x.container == containHistory && !strings.Contains(e.line, "latest: true"):
		return panelLine("feed", e, options...)
	case x.subject == subjectCounter && e.group:
		return panelLine("counter", e, options...)
	case e.group, x.container == containRows, x.container == containLevels:
		return panelLine("table", e, options...)
	case x.object != nil:
		return panelLine("account", e, append(append(options, "plain: true"), fieldsOption(e)...)...)
	}
	return panelLine("text", e, options...)
}

// takeFirst takes the first of a list.
func takeFirst(list *[]*entry) *entry {
	if len(*list) == 0 {
		return nil
	}
	e := (*list)[0]
	*list = (*list)[1:]
	return e
}

// sparkFor is the series of the same symbols as the quotes.
func (r *roles) sparkFor(q *entry) *entry {
	for _, list := range [][]*entry{r.sparks, r.bars} {
		for _, s := range list {
			if s.group && len(s.x.vars) > 0 && slices.Equal(loopOrder(s.x.vars), loopOrder(q.x.vars)) {
				return s
			}
		}
	}
	return nil
}

// quotesPanel shows quotes with the sparks that there are.
func (r *roles) quotesPanel(q *entry, options ...string) string {
	if s := r.sparkFor(q); s != nil && q.group {
		options = append(options, "spark: "+s.name)
	}
	return panelLine("quotes", q, options...)
}

// deskPage is the first page: what a trader looks at first.
func (p *plan) deskPage(r *roles) {
	var top, middle, bottom []string
	account, quotes, positions := takeFirst(&r.accounts), takeFirst(&r.quotes), takeFirst(&r.positions)
	if account != nil {
		top = append(top, panelLine("account", account, append([]string{"width: 34", "weight: 9", "min_height: 6"}, fieldsOption(account)...)...))
	}
	if account == nil {
		if balances := takeBalances(&r.rest); balances != nil {
			top = append(top, panelLine("table", balances, titleOption(balances), "width: 34", "weight: 9", "min_height: 6"))
		}
	}
	chart := r.deskChart(quotes)
	if chart != "" {
		top = append(top, chart)
	}
	if chart == "" && quotes != nil && len(r.books) > 0 {
		top = append(top, panelOf("depth", linkedTo(r.books[0]), titleOption(r.books[0]), "weight: 7", "min_height: 8"))
		r.books = r.books[1:]
	}
	if risk := takeHinted(&r.rest, "risk"); risk != nil && len(top) < 3 {
		top = append(top, panelLine("account", risk, titleOption(risk), "plain: true", "width: 28", "weight: 4"))
	}
	if flags := takeFirst(&r.flags); flags != nil {
		top = append(top, panelLine("flags", flags, titleOption(flags), "width: 28", "weight: 4"))
	}
	if quotes != nil {
		middle = append(middle, r.quotesPanel(quotes, "weight: 9", "min_height: 6"))
	}
	if positions != nil {
		middle = append(middle, positionsPanel(positions, quotes))
	}
	if orders := takeFirst(&r.orders); orders != nil {
		bottom = append(bottom, panelLine("table", orders, "noun: working", "weight: 6"))
	}
	if feed := takeFirst(&r.feeds); feed != nil {
		bottom = append(bottom, panelLine("feed", feed, titleOption(feed), "weight: 5"))
	}
	if quotes == nil && len(r.books) > 0 {
		middle = append(middle, panelOf("depth", linkedTo(r.books[0]), titleOption(r.books[0]), "weight: 8", "min_height: 8"))
		r.books = r.books[1:]
	} else if quotes == nil {
		if pairs := pairLevels(&r.levels); len(pairs) > 0 {
			middle = append(middle, levelsPanel(pairs[0], "weight: 8"))
			for _, pair := range pairs[1:] {
				r.levels = append(r.levels, pair[0], pair[1])
			}
		}
	}
	if len(middle) == 0 && len(r.rest) > 0 && account == nil {
		middle = append(middle, generalPanel(takeFirst(&r.rest)))
	}
	pg := page{name: "Desk"}
	pg.addRow("", top)
	pg.addRow("", middle)
	pg.addRow("", bottom)
	p.addPage(pg)
}

// priceHint is 1 for a series whose key speaks of prices.
func priceHint(e *entry) int {
	for _, h := range e.x.keyHints() {
		if strings.Contains(h, "price") {
			return 1
		}
	}
	return 0
}

// takeHinted takes the first object whose key has a word.
func takeHinted(list *[]*entry, word string) *entry {
	i := slices.IndexFunc(*list, func(e *entry) bool {
		return !e.group && e.x.container == containOne && e.x.object != nil && hasHint(e.x.keyHints(), word)
	})
	if i < 0 {
		return nil
	}
	e := (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return e
}

// takeBalances takes the first balances that are no account by themselves: an
// amount for each currency.
func takeBalances(list *[]*entry) *entry {
	i := slices.IndexFunc(*list, func(e *entry) bool {
		return !e.group && e.x.object != nil && hasHint(e.x.keyHints(), "balance", "balances", "wallet", "account", "accounts", "funds", "konto", "cash")
	})
	if i < 0 {
		return nil
	}
	e := (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return e
}

// positionsPanel shows open positions; those without a price of entry are a
// plain table.
func positionsPanel(e, quotes *entry) string {
	options := []string{"weight: 8", "min_height: 5"}
	n := e.x.object
	if n == nil || n.fieldFor("entry", isNumber) == "" || n.fieldFor("size", isNumber) == "" {
		return panelLine("table", e, append(options, "noun: open")...)
	}
	if quotes != nil && quotes.group {
		options = append(options, "quote: "+quotes.name)
	}
	return panelLine("positions", e, options...)
}

// deskChart is the chart of the first page: the equity curve, else bars, else
// prices.
func (r *roles) deskChart(quotes *entry) string {
	own := slices.IndexFunc(r.points, func(e *entry) bool { return !e.group || hasHint(e.x.keyHints(), "equity", "balance", "pnl", "nav") })
	switch {
	case own >= 0:
		e := r.points[own]
		r.points = slices.Delete(r.points, own, own+1)
		if !e.group {
			return panelOf("area", e.name, titleOption(e), "weight: 7", "min_height: 7")
		}
		return panelOf("chart", e.name, titleOption(e), "weight: 7", "min_height: 7")
	case len(r.bars) > 0:
		e := r.bars[0]
		if len(r.bars) > 1 || quotes != nil && r.sparkFor(quotes) != e {
			r.bars = slices.Delete(r.bars, 0, 1)
		}
		return panelOf("candles", linkedTo(e), titleOption(e), "weight: 7", "min_height: 7")
	case len(r.sparks) > 0:
		return panelOf("candles", linkedTo(r.sparks[0]), titleOption(r.sparks[0]), "weight: 7", "min_height: 7")
	case len(r.points) > 0:
		slices.SortStableFunc(r.points, func(a, b *entry) int { return priceHint(b) - priceHint(a) })
		e := takeFirst(&r.points)
		return panelOf("chart", e.name, titleOption(e), "weight: 7", "min_height: 7")
	}
	return ""
}

// marketPage shows every other view of prices.
func (p *plan) marketPage(r *roles) {
	pg := page{name: "Market"}
	var row []string
	for _, e := range r.bars {
		row = append(row, panelOf("candles", linkedTo(e), titleOption(e), "min_height: 7"))
	}
	for _, e := range r.sparks {
		kind := "candles"
		if !e.group {
			kind = "chart"
		}
		row = append(row, panelOf(kind, linkedTo(e), titleOption(e), "min_height: 7"))
	}
	for _, e := range r.points {
		row = append(row, panelOf("chart", e.name, titleOption(e), "min_height: 7"))
	}
	for _, e := range r.quotes {
		row = append(row, r.quotesPanel(e, titleOption(e), "min_height: 5"))
	}
	pg.addGrid(row, 2)
	p.addPages(pg, 4)
}

// bookPage shows depth and trades.
func (p *plan) bookPage(r *roles) {
	pg := page{name: "Book"}
	var row []string
	for _, e := range r.books {
		row = append(row, panelOf("depth", linkedTo(e), titleOption(e), "min_height: 8"))
	}
	for _, pair := range pairLevels(&r.levels) {
		row = append(row, levelsPanel(pair))
	}
	for _, e := range r.levels {
		row = append(row, panelLine("table", e, titleOption(e)))
	}
	for _, e := range r.trades {
		row = append(row, panelOf("feed", e.name, titleOption(e), "min_height: 6"))
	}
	for _, e := range r.orders {
		row = append(row, panelLine("table", e, titleOption(e)))
	}
	pg.addGrid(row, 2)
	p.addPages(pg, 3)
}

// levelsPanel shows a book whose sides are two data.
func levelsPanel(pair [2]*entry, options ...string) string {
	parts := append([]string{"type: depth", "bids: " + scalarYAML(linkedTo(pair[0])), "asks: " + scalarYAML(linkedTo(pair[1])), "title: " + quoteYAML(bookTitle(pair[0].name)), "min_height: 8"}, options...)
	return "{" + strings.Join(parts, ", ") + "}"
}

// bookTitle is the name of a side without the side.
func bookTitle(name string) string {
	for _, side := range []string{"_bids", "_bid", "_buys", "_buy"} {
		name = strings.TrimSuffix(name, side)
	}
	return titleCase(name) + " book"
}

// pairLevels finds bids and asks that belong together.
func pairLevels(levels *[]*entry) (out [][2]*entry) {
	flip := strings.NewReplacer("bids", "asks", "bid", "ask", "buys", "sells", "buy", "sell")
	for i := 0; i < len(*levels); i++ {
		bid := (*levels)[i]
		want := flip.Replace(bid.name)
		j := slices.IndexFunc(*levels, func(e *entry) bool { return e.name == want && e != bid })
		if j < 0 {
			continue
		}
		out = append(out, [2]*entry{bid, (*levels)[j]})
		gone := (*levels)[j]
		*levels = slices.DeleteFunc(*levels, func(e *entry) bool { return e == bid || e == gone })
		i = -1
	}
	return out
}

// logPage shows what is written for people, and every other channel.
func (p *plan) logPage(r *roles) {
	pg := page{name: "Log"}
	var row []string
	for _, e := range r.feeds {
		row = append(row, panelLine("feed", e, titleOption(e), "min_height: 5"))
	}
	pg.addGrid(row, 2)
	p.addPages(pg, 4)
}

// morePage shows the rest.
func (p *plan) morePage(r *roles) {
	pg := page{name: "More"}
	var row []string
	for _, list := range [][]*entry{r.accounts, r.positions, r.flags, r.rest} {
		for _, e := range list {
			row = append(row, generalPanel(e, "min_height: 4"))
		}
	}
	pg.addGrid(row, 3)
	p.addPages(pg, 4)
}

// addGrid puts panels into rows of n.
func (pg *page) addGrid(panels []string, n int) {
	for row := range slices.Chunk(panels, n) {
		pg.addRow("", row)
	}
}

func (pg *page) addRow(height string, panels []string) {
	if len(panels) > 0 {
		pg.rows = append(pg.rows, pageRow{height, panels})
	}
}

func (p *plan) addPage(pg page) {
	if len(pg.rows) > 0 {
		p.pages = append(p.pages, pg)
	}
}

// addPages cuts a page with too many rows into several.
func (p *plan) addPages(pg page, most int) {
	n := 1
	for rows := range slices.Chunk(pg.rows, most) {
		name := pg.name
		if n > 1 {
			name = fmt.Sprintf("%s %d", pg.name, n)
		}
		p.addPage(page{name, rows})
		n++
	}
}

func (p *plan) writePages(b *bytes.Buffer) {
	if len(p.pages) == 0 {
		return
	}
	b.WriteString("pages:\n")
	for _, pg := range p.pages {
		fmt.Fprintf(b, "  - name: %s\n    rows:\n", pg.name)
		for _, row := range pg.rows {
			b.WriteString("      - widgets:\n")
			if row.height != "" {
				fmt.Fprintf(b, "        height: %s\n", quoteYAML(row.height))
			}
			for _, w := range row.panels {
				fmt.Fprintf(b, "          - %s\n", w)
			}
		}
	}
}
