// Package format writes numbers, prices, spreads, ages, lengths of time and
// sizes as people read them: once, for widgets, snapshots, alerts and faults
// alike. It is pure and knows nothing of a screen but that its output is ASCII,
// so that its length is its width.
//
//	format.Number(n, format.Plain)            48,911.2
//	format.Decimals(column)                   one decision for all values of a column
//	format.Spread(bid, ask, "EURUSD", …)      1.0 pip
//	format.Age(90 * time.Minute)              90 min
//	format.Left(12 * time.Second)             12 s
//	format.Bytes(300 << 10)                   300 KB
package format
