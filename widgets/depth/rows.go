package depth

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// The words of a row's side.
var (
	bidWords = []string{"buy", "bid", "bids", "b", "long"}
	askWords = []string{"sell", "ask", "asks", "s", "a", "short", "offer"}
)

// rowsBySide reads a book out of one list, or of one sorted set by price, whose
// rows say which side they are of. Rows that don't belong to no side.
func rowsBySide(v *datasource.Value) book {
	var b book
	for i := range v.Items {
		side, ok := names.Find(&v.Items[i], names.Side)
		if !ok {
			continue
		}
		word := strings.ToLower(side.Text.String())
		isBid := slices.Contains(bidWords, word)
		if !isBid && !slices.Contains(askWords, word) {
			continue
		}
		l, ok := levelOf(&v.Items[i])
		switch {
		case !ok || !l.price.Finite() || l.sized && !l.size.Finite():
			b.unread++
		case l.sized && l.size.Float() == 0: // taken off the book
		case isBid:
			b.bids = append(b.bids, l)
		default:
			b.asks = append(b.asks, l)
		}
	}
	b.sortSides()
	return b
}
