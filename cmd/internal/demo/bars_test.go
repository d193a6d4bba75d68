package demo

import (
	"encoding/json"
	"testing"
	"time"
)

func TestBars_FollowTheMid(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 3})
	run(t, m, s, 3*time.Minute)
	for _, q := range m.quotes {
		bars := s.zsets["candles:"+q.name+":1m"]
		if len(bars) < keepBars-1 || len(bars) > keepBars {
			t.Errorf("%s has %d minutes", q.name, len(bars))
		}
		var last bar
		wicks := 0
		for i, b := range q.bars.done {
			if b.high < max(b.open, b.close) || b.low > min(b.open, b.close) || b.volume <= 0 {
				t.Fatalf("%s minute %d: %+v", q.name, i, b)
			}
			if i > 0 && (b.sec != last.sec+barSeconds || b.open != last.close) {
				t.Fatalf("%s minute %d: %+v after %+v", q.name, i, b, last)
			}
			if b.high > max(b.open, b.close) {
				wicks++
			}
			last = b
		}
		if wicks < len(q.bars.done)/4 {
			t.Errorf("%s: %d of %d minutes have a wick", q.name, wicks, len(q.bars.done))
		}
		if r := q.bars.running; r.close != q.midPrice() {
			t.Errorf("%s: the running minute closes at %d, the mid is %d", q.name, r.close, q.midPrice())
		}
	}
}

func TestBook_BestPricesAreTheQuote(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 3})
	run(t, m, s, 10*time.Second)
	m.Rewrite()
	run(t, m, s, stepEvery)
	for _, q := range m.quotes {
		var book struct {
			Bids, Asks [][2]json.Number
		}
		if err := json.Unmarshal([]byte(s.values["depth:"+q.name]), &book); err != nil {
			t.Fatal(err)
		}
		if len(book.Bids) != bookLevels || book.Bids[0][0].String() != formatFixed(q.bid, q.digits) || book.Asks[0][0].String() != formatFixed(q.ask, q.digits) {
			t.Errorf("%s: book %v, quote %d %d", q.name, book, q.bid, q.ask)
		}
		if n := len(s.streams["tick_stream:"+q.name]); n == 0 {
			t.Errorf("%s has no prints", q.name)
		}
	}
}

func TestTrades_AddUpToTheBalance(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 3})
	run(t, m, s, 10*time.Minute)
	closed := 0
	for _, a := range m.desk.accounts {
		made := int64(0)
		for _, x := range a.trades {
			made += x.pnl
		}
		if len(a.trades) < keepTrades && made != a.balance-a.dayStart {
			t.Errorf("%s: trades made %d, the balance %d", a.id, made, a.balance-a.dayStart)
		}
		if got := len(s.lists["trades:"+a.id]); got != len(a.trades) {
			t.Errorf("%s: %d trades in the list, %d closed", a.id, got, len(a.trades))
		}
		for _, p := range a.positions {
			if dir := int64(p.side); dir*(p.open-p.stop) <= 0 || dir*(p.target-p.open) <= 0 {
				t.Errorf("%s %s %s: stop %d, open %d, target %d", a.id, p.quote.name, p.side, p.stop, p.open, p.target)
			}
		}
		closed += len(a.trades)
	}
	if closed == 0 {
		t.Error("nothing was closed")
	}
}
