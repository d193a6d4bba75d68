package names

import (
	"slices"
	"strings"

	"ticktop/datasource"
)

// Standard is what a field means, whatever its producer calls it. Its text is
// the standard name, which the configuration's fields: and columns: use.
type Standard string

// The standard names.
const (
	None Standard = ""

	// A quote.
	Symbol    Standard = "symbol"
	Bid       Standard = "bid"
	Ask       Standard = "ask"
	BidSize   Standard = "bid_size"
	AskSize   Standard = "ask_size"
	Last      Standard = "last"
	Mid       Standard = "mid"
	Spread    Standard = "spread"
	Digits    Standard = "digits"
	Change    Standard = "change"
	ChangePct Standard = "change_pct"
	PrevClose Standard = "prev_close"

	// A bar; Volume is a trade's and a position's too.
	Open   Standard = "open"
	High   Standard = "high"
	Low    Standard = "low"
	Close  Standard = "close"
	Volume Standard = "volume"

	// Times and values of points.
	Time  Standard = "time"
	Value Standard = "value"

	// An account.
	Account     Standard = "account"
	Balance     Standard = "balance"
	Equity      Standard = "equity"
	Margin      Standard = "margin"
	FreeMargin  Standard = "free_margin"
	MarginLevel Standard = "margin_level"
	Leverage    Standard = "leverage"
	Currency    Standard = "currency"
	Credit      Standard = "credit"
	DayPnL      Standard = "day_pnl"

	// A position, an order or a trade.
	Ticket       Standard = "ticket"
	Side         Standard = "side"
	EntryPrice   Standard = "price_open"
	CurrentPrice Standard = "price_current"
	StopLoss     Standard = "sl"
	TakeProfit   Standard = "tp"
	Profit       Standard = "profit"
	Swap         Standard = "swap"
	Commission   Standard = "commission"
	OrderPrice   Standard = "price"
	Status       Standard = "status"
	OpenTime     Standard = "open_time"

	// A book.
	Bids Standard = "bids"
	Asks Standard = "asks"

	// A message.
	Text     Standard = "text"
	Severity Standard = "severity"
)

// spellings are the producers' names of each standard one, the most telling
// first, in the form of Fold.
var spellings = []struct {
	is  Standard
	say string
}{
	{Symbol, "symbol sym pair ticker instrument instrumentid instid market productid product secid security epic code s"},
	{Bid, "bid bidprice bestbid bestbidprice bidpx bidp buyprice b bp"},
	{Ask, "ask askprice bestask bestaskprice askpx askp offer offerprice sellprice a ap"},
	{BidSize, "bidsize bidqty bidvolume bestbidsize bestbidqty bidsz bs"},
	{AskSize, "asksize askqty askvolume bestasksize bestaskqty asksz offersize as"},
	{Last, "last lastprice ltp lasttradedprice price px lasttrade tradeprice markprice lastpx current c p"},
	{Mid, "mid midprice middle"},
	{Spread, "spread"},
	{Digits, "digits precision decimals pricedecimals priceprecision"},
	{Change, "change netchange daychange dailychange pricechange"},
	{ChangePct, "changepct chgpct changepercent pctchange percentchange pricechangepercent chg change24h change24hpct dailychangepct daychangepct changepercentage pchange"},
	{PrevClose, "prevclose previousclose prevcloseprice yesterdayclose lastclose"},
	{Open, "open openprice o dayopen open24h"},
	{High, "high highprice h dayhigh high24h hi"},
	{Low, "low lowprice l daylow low24h lo"},
	{Close, "close closeprice c cl adjclose"},
	{Volume, "volume vol v qty quantity size lots lot tickvolume realvolume basevolume volume24h vol24h lastsize lastqty q amount units"},
	{Time, "ts timestamp updatedat updated lastupdate lastupdated modifiedat time at datetime eventtime tradetime servertime timemsc timestampms tsms opentime t e createdat created date"},
	{Value, "value v val y price equity balance pnl last close mid score"},
	{Account, "account accountid login userid user accountnumber accountno acct acctid"},
	{Balance, "balance cash walletbalance cashbalance accountbalance"},
	{Equity, "equity nav networth totalequity accountequity portfoliovalue"},
	{Margin, "margin marginused usedmargin initialmargin totalmargin"},
	{FreeMargin, "freemargin marginfree availablemargin availablebalance marginavailable buyingpower available"},
	{MarginLevel, "marginlevel marginlevelpct marginratio"},
	{Leverage, "leverage"},
	{Currency, "currency ccy basecurrency accountcurrency"},
	{Credit, "credit"},
	{DayPnL, "daypnl dailypnl pnltoday todaypnl dailyprofit sessionpnl profittoday"},
	{Ticket, "ticket positionid orderid tradeid dealid id order deal clientorderid clordid"},
	{Side, "side direction type action positionside buysell ordertype"},
	{EntryPrice, "priceopen openprice entryprice entry avgprice averageprice avgentryprice avgpx costprice fillprice"},
	{CurrentPrice, "pricecurrent currentprice markprice mark lastprice marketprice last current"},
	{StopLoss, "sl stoploss stop stopprice stoplossprice"},
	{TakeProfit, "tp takeprofit target targetprice takeprofitprice limit"},
	{Profit, "profit pnl unrealizedpnl unrealisedpnl upnl unrealizedprofit unrealizedpl unrealisedpl unrealizedplpc pl floatingpnl floatingprofit netprofit netpnl realizedpnl realisedpnl"},
	{Swap, "swap financing funding"},
	{Commission, "commission commissions fee fees"},
	{OrderPrice, "price limitprice orderprice px fillprice dealprice priceopen"},
	{Status, "status state orderstatus"},
	{OpenTime, "timeopen opentime openedat openat time timesetup createdat"},
	{Bids, "bids buys bid b"},
	{Asks, "asks offers sells ask a"},
	{Text, "text message msg body title headline description content reason"},
	{Severity, "severity level priority"},
}

// Fold is a name without case and separators: "Bid_Price" is "bidprice".
func Fold(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; c >= 'A' && c <= 'Z' || isSeparator(c) {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		c := name[i]
		switch {
		case isSeparator(c):
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func isSeparator(c byte) bool { return c == '_' || c == '-' || c == ' ' || c == '.' || c == '@' }

// Same reports whether two names differ only in case and separators.
func Same(a, b string) bool { return a == b || Fold(a) == Fold(b) }

var byStandard = map[Standard][]string{}

func init() {
	for _, s := range spellings {
		byStandard[s.is] = strings.Fields(s.say)
	}
}

// Is reports whether producers call s so: Is(Bid, "bidPrice").
func Is(s Standard, name string) bool { return rank(s, name) >= 0 }

// rank is the place of name among the spellings of s, -1 for none.
//
// Single letters differ by case: exchanges write b and a for prices, B and A for
// what is offered at them.
func rank(s Standard, name string) int {
	if name == "B" || name == "A" {
		if s == BidSize && name == "B" || s == AskSize && name == "A" {
			return 0
		}
		return -1
	}
	folded := Fold(name)
	if folded == Fold(string(s)) {
		return 0
	}
	return slices.Index(byStandard[s], folded)
}

// quoteRoles are what the fields of a quote may be. The order decides where
// producers use one name for two things: c is the close of a bar and the last
// price of a quote.
var quoteRoles = []Standard{Symbol, Bid, Ask, Last, Mid, ChangePct, Change, Open, High, Low, Volume, Spread, Digits, PrevClose, BidSize, AskSize, Time, Close}

// OfQuote tells what a field of a quote is.
func OfQuote(name string) (Standard, bool) { return among(quoteRoles, name) }

func among(roles []Standard, name string) (Standard, bool) {
	for _, s := range roles {
		if Is(s, name) {
			return s, true
		}
	}
	return None, false
}

// Find returns the field of an object that means s, the most telling spelling
// first; a field that was given the standard name wins.
func Find(v *datasource.Value, s Standard) (*datasource.Value, bool) {
	if v == nil || v.Type != datasource.TypeObject {
		return nil, false
	}
	if f, ok := v.Field(string(s)); ok {
		return f, true
	}
	best, at := -1, -1
	for i := range v.Fields {
		if r := rank(s, v.Fields[i].Name.String()); r >= 0 && (best < 0 || r < best) {
			best, at = r, i
		}
	}
	if at < 0 {
		return nil, false
	}
	return &v.Fields[at].Value, true
}

// Number is Find of a number; ok is false for any other type.
func Number(v *datasource.Value, s Standard) (datasource.Number, bool) {
	f, ok := Find(v, s)
	if !ok {
		return datasource.Number{}, false
	}
	return f.Number()
}

// Price returns one figure for a quote: the last price, else the middle of bid
// and ask, else the one side that there is. A zero last price beside a bid or
// ask that is not zero is no price, and neither is anything zero where another
// figure is not.
func Price(v *datasource.Value) (float64, bool) {
	if n, ok := v.Number(); ok {
		return n.Float(), n.Finite()
	}
	bid, hasBid := side(v, Bid)
	ask, hasAsk := side(v, Ask)
	if n, ok := Number(v, Last); ok && n.Finite() && !NoPrice(n, bid, ask) {
		return n.Float(), true
	}
	if n, ok := Number(v, Mid); ok && n.Finite() && n.Float() != 0 {
		return n.Float(), true
	}
	switch {
	case hasBid && hasAsk:
		return (bid + ask) / 2, true
	case hasBid:
		return bid, true
	case hasAsk:
		return ask, true
	}
	if n, ok := Number(v, Close); ok && n.Finite() {
		return n.Float(), true
	}
	return 0, false
}

func side(v *datasource.Value, s Standard) (float64, bool) {
	n, ok := Number(v, s)
	if !ok || !n.Finite() || n.Float() == 0 {
		return 0, false
	}
	return n.Float(), true
}

// NoPrice reports whether a last price isn't one: zero beside a bid or ask that
// is not. MetaTrader writes 0.0 for what is not traded on an exchange.
func NoPrice(last datasource.Number, bid, ask float64) bool {
	return last.Float() == 0 && (bid != 0 || ask != 0)
}
