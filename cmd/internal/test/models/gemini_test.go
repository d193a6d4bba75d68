package models

import "fmt"

// gemini is an order book as two hashes, price → size.
var gemini = Model{
	Name:   "gemini",
	Rounds: 8,
	Data: map[string]Want{
		"bids": hash,
		"asks": hash,
	},
	Write: func(w *Writer) {
		for i := range 3 {
			n := w.Round*7 + i*11
			w.Hash("GEMINI_BTCUSD_bid", fmt.Sprintf("%.2f", 97225-float64(n%400)*.5), fmt.Sprintf("%.8f", float64(n)*.01337))
			w.Hash("GEMINI_BTCUSD_ask", fmt.Sprintf("%.2f", 97226+float64(n%400)*.5), fmt.Sprintf("%.8f", float64(n)*.00731))
		}
	},
}
