// Package names knows what producers call the things of a trading desk: the
// bid is bid, b, bidPrice or BID_PRICE, and so on. It is a leaf that widgets,
// decode, discover and alerts share.
//
// Names are compared without case and separators: "bidPrice", "bid_price" and
// "Bid-Price" are the same.
//
//	names.Role("bidPrice")                    names.Bid, true
//	names.Find(&quote, names.Last)            the last price, whatever it is called
//	names.CurrencyPair("OANDA:EUR_USD")       EUR, USD, true
package names
