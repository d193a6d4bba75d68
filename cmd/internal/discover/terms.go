package discover

import (
	"slices"
	"strings"
)

// term is a standard name of the field, with the names that producers use for
// it, in the order of preference.
type term struct {
	name  string
	known []string
}

// terms are compared without case and separators. A short name such as "b" is
// only tried where the long ones are not there.
var terms = []term{
	{"bid", strings.Fields("bid bidprice bestbid bestbidprice bidpx bidp bp bb buyprice geld geldkurs achat compra kupno b")},
	{"ask", strings.Fields("ask askprice bestask bestaskprice askpx askp ap ba offer offerprice sellprice brief briefkurs vente venta venda sprzedaz a")},
	{"last", strings.Fields("last lastprice ltp price lastpx px lasttradedprice tradeprice currentprice regularmarketprice close mid midprice mark markprice priceinr priceusd currentrate kurs letzter letzterkurs preis cours dernier prix precio ultimo ultimoprecio preco prezzo cena p c")},
	{"open", strings.Fields("open openprice o")},
	{"high", strings.Fields("high highprice h")},
	{"low", strings.Fields("low lowprice l")},
	{"close", strings.Fields("close closeprice c")},
	{"volume", strings.Fields("volume tickvolume vol basevolume v")},
	{"size", strings.Fields("size qty quantity amount volume lots lot contracts units positionsize positionamt netqty netquantity netposition totalquantity origqty volumeinunits shares position sz menge stueck stück anzahl quantite quantité cantidad quantidade quantita ilosc q")},
	{"entry", strings.Fields("entryprice priceopen openprice avgprice averageprice avgentryprice avgopenprice avgpx avgpxopen entry entrypx costprice avgcost averagecost openrate op einstand einstandskurs kaufkurs prixentree precioentrada precoentrada prezzomedio price")},
	{"current", strings.Fields("pricecurrent currentprice markprice mark marketprice lastprice currentrate markpx kurs cours last")},
	{"stop", strings.Fields("sl stoploss stop stopprice stoplossprice stoplossabs")},
	{"target", strings.Fields("tp takeprofit target targetprice takeprofitprice")},
	{"profit", strings.Fields("profit pnl unrealizedpnl unrealisedpnl upnl upl unrealizedprofit unrealizedpl pnlopen floatingpnl netprofit grossprofit profitabs pl gewinn guv gewinnverlust ganancia beneficio lucro profitto zysk")},
	{"side", strings.Fields("side direction type dir positionside posside tradetype buysell action ordertype richtung seite sens lado direccion strona")},
	{"symbol", strings.Fields("symbol sym ticker pair instrument instrumentid instid symbolname market asset coin code security wertpapier titel symbole titre simbolo símbolo papel ativo instrumento s")},
	{"equity", strings.Fields("equity totalequity accountequity nav nlv eq totalvalue netliquidation netliq networth portfoliovalue totalbalance accountvalue eigenkapital capital patrimonio kapital")},
	{"balance", strings.Fields("balance cash walletbalance cashbalance accountbalance totalcashvalue availablebalance settledcash bal saldo kontostand solde")},
	{"time", strings.Fields("timestamp ts time datetime eventtime updatedat lastupdate lastupdated t e tradetime createdat servertimestamp timestamputc quotetime transacttime date at zeit zeitstempel horodatage heure fecha hora")},
	{"text", strings.Fields("message msg text description body detail title reason headline meldung nachricht mensaje mensagem")},
	{"level", strings.Fields("level severity priority category type kind event action stufe niveau nivel")},
	{"bids", strings.Fields("bids bid b buys buy")},
	{"asks", strings.Fields("asks ask a offers sells sell")},
}

// canonicalName is a name without case and separators.
func canonicalName(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case c == '_', c == '-', c == '.', c == ' ':
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// fieldFor returns the name of the field that means a standard term and
// that accept takes; "" for none.
func (n *node) fieldFor(standard string, accept func(*node) bool) string {
	if n == nil || n.kind != nodeObject {
		return ""
	}
	i := slices.IndexFunc(terms, func(t term) bool { return t.name == standard })
	for _, known := range terms[i].known {
		for j, name := range n.names {
			if canonicalName(name) == known && accept(n.kids[j]) {
				return name
			}
		}
	}
	return ""
}

func isNumber(n *node) bool { return n.kind == nodeNumber }
func isText(n *node) bool   { return n.kind == nodeText }
func anyScalar(n *node) bool {
	return n.isScalar()
}
func isLevels(n *node) bool { return n.kind == nodeArray || n.kind == nodeObject }

func (n *node) has(standard string) bool { return n.fieldFor(standard, isNumber) != "" }

// timeField returns the field that is the value's own time.
func (n *node) timeField() string {
	return n.fieldFor("time", isTime)
}

var timeText = newPattern(`^\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T ]\d{2}:\d{2}|$)|^\d{2}:\d{2}:\d{2}|^20\d{10}(?:\d{2})?$`)

// isTime reports whether a scalar is a moment: a text in ISO form or a number
// of seconds to nanoseconds between 2000 and 2100.
func isTime(n *node) bool {
	switch n.kind {
	case nodeText:
		return timeText.MatchString(n.text)
	case nodeNumber:
		return isInstant(n.num) || timeText.MatchString(n.text)
	}
	return false
}

// isInstant reports whether a number is a moment in s, ms, µs or ns.
func isInstant(f float64) bool {
	for _, unit := range []float64{1, 1e3, 1e6, 1e9} {
		if s := f / unit; s >= 946_684_800 && s < 4_102_444_800 {
			return true
		}
	}
	return false
}

// secretWords mark fields and keys that are never printed.
var secretWords = []string{"password", "passwd", "passphrase", "secret", "apikey", "privatekey", "accesstoken", "authtoken", "refreshtoken", "sessionkey", "sessionid", "cookie", "credential"}

func isSecret(name string) bool {
	c := canonicalName(name)
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(c, w) })
}
