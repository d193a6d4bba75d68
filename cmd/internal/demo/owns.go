package demo

import (
	"slices"
	"strings"
)

// MarkerKey is written by a market with MarketOptions.Mark. A Redis that holds
// it was filled by a simulator; one that holds a platform's keys of the same
// names was not.
const MarkerKey = "ticktop:simulator"

// Owns reports whether key is one that a market may write: one of the
// contract's names for an instrument of the catalogue, an account, a flag or a
// counter of the simulator, or one of ticktop's own.
func (m *Market) Owns(key string) bool {
	if strings.HasPrefix(key, "ticktop:") { // the marker, and answers of an API that dashboards share
		return true
	}
	family, name, ok := strings.Cut(key, ":")
	if !ok {
		return false
	}
	switch family {
	case "quote", "price", "depth", "tick_stream":
		return slices.Contains(SymbolNames(1<<20), name)
	case "candles":
		symbol, ok := strings.CutSuffix(name, ":1m")
		return ok && slices.Contains(SymbolNames(1<<20), symbol)
	case "account", "orders", "positions", "equity", "trades":
		return slices.Contains(AccountIDs(), name)
	case "flag":
		return slices.Contains(FlagNames(), name)
	case "counter":
		return slices.Contains(CounterNames(), name)
	}
	return false
}

// Foreign returns those of a Redis' keys that are not a simulator's. Without
// MarkerKey among them that is every key: a real platform uses the same names,
// and its values must not be written over.
func (m *Market) Foreign(keys []string) []string {
	if !slices.Contains(keys, MarkerKey) {
		return keys
	}
	var foreign []string
	for _, k := range keys {
		if !m.Owns(k) {
			foreign = append(foreign, k)
		}
	}
	return foreign
}
