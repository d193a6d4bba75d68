// Package demo is a trading platform in a box: an embedded miniredis whose keys
// really expire, a market simulator that writes the key names of the contract,
// a stand-in for the Django API with values from the same market, and a menu of
// faults for each of them. It hands out two addresses and knows nothing of the
// dashboard that reads them.
//
// What the simulator writes:
//
//	quote:{symbol}          string  JSON object, TTL 5 s, renewed by each tick
//	positions:{account}     string  JSON array of objects, TTL 10 s
//	flag:{name}             string  true or false, no expiry
//	counter:{name}          string  number, TTL 60 s
//	account:{account}       hash    money with two decimals, TTL 60 s
//	orders:{account}        hash    ticket → JSON object, TTL 60 s
//	equity:{account}        zset    "{ts}:{value}", score and ts in epoch seconds, 4 h
//	price:{symbol}          zset    the same for the mid price
//	candles:{symbol}:1m     zset    finished minutes as JSON objects, score in epoch seconds, 240
//	depth:{symbol}          string  JSON object {symbol, ts, bids, asks}, best price first, TTL 5 s
//	tick_stream:{symbol}    stream  deals of others: ts, price, size, at (bid or ask), about 300
//	trades:{account}        list    closed deals as JSON objects, newest last, 500
//	ticks:{symbol}          channel JSON object, to be merged into the quote
//	candles:{symbol}        channel JSON object, the running minute, once a second
//	notifications:{account} channel JSON object {ts, level, account, text}
//
// Ticks and notifications carry epoch milliseconds, everything else ISO 8601. Series hold a sample every 5 s
// for the last quarter of an hour, every 15 s for the last hour and every
// minute before that: the producer thins them out, as the contract has it.
package demo
