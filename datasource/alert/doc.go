// Package alert compiles the conditions of the configuration and evaluates them
// on snapshots. Compile and Eval are pure; Watch puts them between a Feed and
// its viewer.
//
// The language:
//
//	account.equity < 45000            a field of a datum against a number
//	quote.bid < 1.05                  a group: for every quote of the list
//	age(quote.EURUSD) > 5s            how old the data is
//	missing(positions)                no value, or no such field
//	source(account) == fallback       redis, pubsub, api, or a state
//	state(account) == stale           live, fallback, stale, missing, error
//	change(quote.bid) > 0.5%          against the value before the last change
//	change(quote.bid) > 0.5% over 5m  against the value of five minutes ago
//	abs(change(quote.bid)) > 10       either way, in the value's own unit
//	crosses(quote.EURUSD.bid, 1.1)    since the last value; also with above or below
//	silent(ticks) > 10s               nothing heard on the channel
//	quiet(ticks)                      silent past its own rhythm
//	unchanged(quote) > 1m             the same value for so long
//	session.state == "halted"         text in quotes
//	flag.trading_enabled              a flag, also as !flag.trading_enabled
//
// with && || ! (or and, or, not), parentheses, + - * / between blanks, the units
// ms s m h d, %, k M, and at the end "for 30s": only when it has been true so
// long.
//
// What is not known (a datum still loading, a field that is not there) makes a
// comparison unknown, and an unknown condition changes nothing: it neither
// fires an alert nor ends one.
package alert
