package widgettest

import (
	"time"

	"ticktop/datasource"
)

// Datum is one named entry of a fixed snapshot.
type Datum struct {
	Name  string
	Entry *datasource.Entry
}

// Live is a datum that was read from Redis a moment ago.
func Live(name string, v datasource.Value) Datum { return In(datasource.StateLive, name, v) }

// States are all the states that a datum can be in, live first.
func States() []datasource.State {
	return []datasource.State{datasource.StateLive, datasource.StateFallback, datasource.StateStale, datasource.StateMissing,
		datasource.StateError, datasource.StateLoading}
}

// In is a datum in a state, with the cause, the ages and the deadlines that
// belong to it. In StateMissing, StateError and StateLoading v is left out:
// there never was a value.
func In(state datasource.State, name string, v datasource.Value) Datum {
	e := &datasource.Entry{
		Ref: &datasource.Ref{Name: name, Kind: kindOf(v.Type), Key: keyOf(name), Fallback: datasource.Endpoint{Path: "/api/" + datasource.Group(name) + "/"}},
		Rev: 1, State: state, Value: v, At: Now.Add(-300 * time.Millisecond), Changed: Now.Add(-300 * time.Millisecond),
	}
	fault := func(c datasource.Class, source datasource.SourceID, text, hint string, retry time.Duration) *datasource.Fault {
		return &datasource.Fault{Class: c, Source: source, Text: datasource.Clean(text, datasource.MaxCell), Hint: datasource.Clean(hint, datasource.MaxCell), RetryAt: Now.Add(retry)}
	}
	switch state {
	case datasource.StateLive:
		e.Origin, e.Expires = datasource.SourceRedis, Now.Add(42*time.Second)
	case datasource.StateFallback:
		e.Origin, e.At, e.Expires = datasource.SourceAPI, Now.Add(-12*time.Second), Now.Add(48*time.Second)
		e.Changed, e.Why = e.At, datasource.Clean("key expired", datasource.MaxCell)
	case datasource.StateStale:
		e.At, e.Changed = Now.Add(-34*time.Second), Now.Add(-35*time.Second)
		e.Why = datasource.Clean("redis: refused", datasource.MaxCell)
		e.Fault = fault(datasource.ClassRefused, datasource.SourceRedis, "refused", "is redis running?", 4*time.Second)
	case datasource.StateMissing:
		e.Value, e.At, e.Changed = datasource.Value{}, time.Time{}, time.Time{}
	case datasource.StateError:
		e.Value, e.At, e.Changed = datasource.Value{}, time.Time{}, time.Time{}
		e.Fault = fault(datasource.ClassPermission, datasource.SourceRedis, "no permission (get)", "grant it with ACL SETUSER … +get", 4*time.Second)
		e.APIFault = fault(datasource.ClassServer, datasource.SourceAPI, "server error (503)", "", 9*time.Second)
	case datasource.StateLoading:
		e.Value, e.At, e.Changed = datasource.Value{}, time.Time{}, time.Time{}
	}
	return Datum{name, e}
}

func kindOf(t datasource.Type) datasource.Kind {
	switch t {
	case datasource.TypeObject:
		return datasource.KindHash
	case datasource.TypeSeries:
		return datasource.KindZSet
	case datasource.TypeMessages:
		return datasource.KindChannel
	default:
		return datasource.KindString
	}
}

func keyOf(name string) string {
	if item := datasource.Item(name); item != "" {
		return datasource.Group(name) + ":" + item
	}
	return name + ":ACC-1001"
}

// Snapshot puts data together in their order.
func Snapshot(data ...Datum) *datasource.Snapshot {
	names, entries := make([]string, len(data)), make([]*datasource.Entry, len(data))
	for i, d := range data {
		names[i], entries[i] = d.Name, d.Entry
	}
	return datasource.NewSnapshot(Now, 1, names, nil, entries)
}

// Desk is a whole trading desk with everything in one state: account,
// quote.*, positions, orders, equity, price.*, book.XAUUSD, flag.*, counter.*
// and alerts, under the names of the built-in dashboard.
func Desk(state datasource.State) *datasource.Snapshot {
	var data []Datum
	add := func(name string, v datasource.Value) { data = append(data, In(state, name, v)) }
	add("account", Account())
	for i, s := range Symbols() {
		add("quote."+s, Quote(s))
		add("price."+s, Series(120, 10*time.Second, Walk(uint64(i+2), Start(s), 0, Start(s)/2500, 5)))
	}
	add("positions", Positions())
	add("orders", Orders())
	add("equity", Equity())
	add("book.XAUUSD", Book())
	for i, s := range []string{"kill_switch", "trading_enabled", "hedging", "news_filter", "weekend_mode", "beta_router"} {
		add("flag."+s, Bool(i == 1 || i == 2 || i == 5))
	}
	for i, s := range []string{"open_orders", "fills_today", "rejects", "latency_p99_ms"} {
		add("counter."+s, Num([]string{"3", "27", "0", "41"}[i]))
	}
	add("alerts", Notifications())
	return Snapshot(data...)
}

// Start is about the price of a symbol.
func Start(symbol string) float64 {
	q, _ := Quote(symbol).Fields[1].Value.Number()
	return q.Float()
}
