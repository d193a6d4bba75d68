package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault is one thing that the demo can break.
type Fault struct {
	ID    string
	Title string // what is broken
	Text  string // what to look for on the screen
	On    bool
}

// The faults of the menu.
const (
	FaultStopRedis     = "redis-stop"
	FaultHangRedis     = "redis-hang"
	FaultCutPubSub     = "pubsub-cut"
	FaultExpireAccount = "expire-account"
	FaultExpireQuotes  = "expire-quotes"
	FaultExpireFlags   = "expire-flags"
	FaultSilence       = "silence-ticks"
	FaultWrongType     = "wrong-type"
	FaultHostile       = "hostile-text"
	FaultStorm         = "tick-storm"
	FaultAPIDown       = "api-down"
	FaultAPI500        = "api-500"
	FaultAPI429        = "api-429"
	FaultAPISlow       = "api-slow"
	FaultAPIGarbage    = "api-garbage"
	FaultAPI401        = "api-401"
)

// stormRate is how many ticks a second a tick storm has.
const stormRate = 10_000

// expireIn is the lifetime that the keys of an expiring family have left.
const expireIn = time.Second

// fault is a line of the menu and what it does. on and off are called with
// nothing held and may be called in any order with other faults'.
type fault struct {
	Fault
	set func(on bool) error
}

// faults is the menu and its state.
type faults struct {
	d *Demo

	set  sync.Mutex // one change at a time
	list []*fault

	mu      sync.RWMutex // guards what admit looks at
	blocked map[string][]string
	tainted bool
	rate    float64
}

func newFaults(d *Demo) *faults {
	f := &faults{d: d, blocked: map[string][]string{}}
	f.list = f.faultMenu()
	return f
}

func (f *faults) faultMenu() []*fault {
	api := func(mode apiMode) func(bool) error {
		return func(on bool) error { f.d.api.setMode(mode, on); return nil }
	}
	return []*fault{
		{Fault{ID: FaultStopRedis, Title: "stop Redis", Text: "redis and pubsub turn down (refused); values stay, dimmed, and their ages count"}, f.stopRedis},
		{Fault{ID: FaultHangRedis, Title: "hang Redis", Text: "no answer within 3 s; keys still react, the API takes over where a value expires"}, f.hangRedis},
		{Fault{ID: FaultCutPubSub, Title: "cut pub/sub alone", Text: "pubsub rejoins again and again; quotes keep coming, once a poll"}, f.cutPubSub},
		{Fault{ID: FaultExpireAccount, Title: "expire the account", Text: "account, positions and orders get the API mark at their deadline, without a blank frame"}, f.expireFamilies("account:", "positions:", "orders:")},
		{Fault{ID: FaultExpireQuotes, Title: "expire the quotes", Text: "quotes live on their channel alone; silence it as well and the API's values come"}, f.expireFamilies("quote:")},
		{Fault{ID: FaultExpireFlags, Title: "expire flags and counters", Text: "both panels carry the API mark and count down"}, f.expireFamilies("flag:", "counter:")},
		{Fault{ID: FaultSilence, Title: "silence the ticks", Text: "channels are up but quiet: quotes are marked silent past their usual rhythm"}, f.silencePushes},
		{Fault{ID: FaultWrongType, Title: "wrong type over the account", Text: "the account panel alone: expected hash, is string; all others go on"}, f.wrongType},
		{Fault{ID: FaultHostile, Title: "hostile text", Text: "escape sequences in a notification, a flag and an account field show as pictures (␛), nothing moves"}, f.sendHostile},
		{Fault{ID: FaultStorm, Title: "tick storm", Text: "10,000 ticks a second: the screen stays smooth, the conflated count runs, none is dropped"}, f.stormQuotes},
		{Fault{ID: FaultAPIDown, Title: "API down", Text: "with keys expired: api refused, the last values stay and age"}, f.apiDown},
		{Fault{ID: FaultAPI500, Title: "API answers 500", Text: "with keys expired: api server error, then not asked for 10 s after five in a row"}, api(mode500)},
		{Fault{ID: FaultAPI429, Title: "API throttles (429)", Text: "with keys expired: api waiting, 12 s counting down, nothing asked meanwhile"}, api(mode429)},
		{Fault{ID: FaultAPISlow, Title: "API slow", Text: "with keys expired: api no answer; the screen does not wait for it"}, api(modeSlow)},
		{Fault{ID: FaultAPIGarbage, Title: "API answers HTML", Text: "with keys expired: api bad reply; no value is replaced by it"}, api(modeGarbage)},
		{Fault{ID: FaultAPI401, Title: "API refuses the token", Text: "with keys expired: api token refused, and it is not asked again and again"}, api(mode401)},
	}
}

// Faults lists the menu with what is on.
func (d *Demo) Faults() []Fault {
	d.faults.set.Lock()
	defer d.faults.set.Unlock()
	list := make([]Fault, 0, len(d.faults.list))
	for _, f := range d.faults.list {
		list = append(list, f.Fault)
	}
	return list
}

// SetFault turns a fault on or off. Faults combine, and each heals by itself
// when it is turned off. Setting what is already so changes nothing.
func (d *Demo) SetFault(id string, on bool) error {
	d.faults.set.Lock()
	defer d.faults.set.Unlock()
	for _, f := range d.faults.list {
		if f.ID != id {
			continue
		}
		if f.On == on {
			return nil
		}
		if err := f.set(on); err != nil {
			return fmt.Errorf("fault %s: %w", id, err)
		}
		f.On = on
		return nil
	}
	return fmt.Errorf("unknown fault %q", id)
}

func (f *faults) stopRedis(on bool) error {
	if on {
		f.d.front.stop()
		return nil
	}
	return f.d.front.start()
}

func (f *faults) hangRedis(on bool) error { f.d.front.setHanging(on); return nil }

func (f *faults) cutPubSub(on bool) error { f.d.front.cutPubSub(on); return nil }

// blockKeys keeps the market from writing keys (or publishing on channels) that
// begin with any of the prefixes, for the fault called id.
func (f *faults) blockKeys(id string, on bool, prefixes ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if on {
		f.blocked[id] = prefixes
	} else {
		delete(f.blocked, id)
	}
}

// mayWrite decides whether the market may write a key or publish on a channel.
func (f *faults) mayWrite(key string) bool {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, prefixes := range f.blocked {
		for _, p := range prefixes {
			if strings.HasPrefix(key, p) {
				return false
			}
		}
	}
	return true
}

// expireFamilies lets the keys of some families run out, and holds back new ones.
func (f *faults) expireFamilies(families ...string) func(bool) error {
	id := "expire " + families[0]
	return func(on bool) error {
		f.blockKeys(id, on, families...)
		if !on {
			f.d.market.Rewrite()
			return nil
		}
		for _, key := range f.d.redis.m.Keys() {
			if slices.ContainsFunc(families, func(p string) bool { return strings.HasPrefix(key, p) }) {
				f.d.redis.m.SetTTL(key, expireIn)
			}
		}
		return nil
	}
}

func (f *faults) silencePushes(on bool) error {
	f.blockKeys(FaultSilence, on, "ticks:")
	return nil
}

func (f *faults) wrongType(on bool) error {
	key := "account:" + f.d.market.Accounts()[0]
	f.blockKeys(FaultWrongType, on, key)
	f.d.redis.m.Del(key)
	if !on {
		f.d.market.Rewrite()
		return nil
	}
	return f.d.redis.m.Set(key, "not a hash")
}

func (f *faults) stormQuotes(on bool) error {
	m := f.d.market
	if on {
		f.rate = m.Rate()
		m.SetRate(stormRate)
	} else {
		m.SetRate(f.rate)
	}
	return nil
}

func (f *faults) apiDown(on bool) error {
	if on {
		f.d.api.stop()
		return nil
	}
	return f.d.api.start()
}

// hostileText is what a producer, or somebody who got at one, could write. None
// of it may reach a terminal as it is.
var hostileText = []string{
	"\x1b]52;c;cm0gLXJmIH4=\x07 set your clipboard",
	"\x1b]0;owned\x07 set your title",
	"\x1b[2J\x1b[H wiped your screen",
	"\x1b[?1049l left your screen",
	"AAAA\rB came back to the margin",
	"\x1bPtmux;\x1b\x1b]52;c;AA==\x07\x1b\\ tmux",
	"\u202e1.234,56\u202c reversed a price",
	"C1 \u009b31m and a raw \x9b byte",
	"\x1b]8;;http://203.0.113.7/\x07a link\x1b]8;;\x07",
	"Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307 marks, \u3164 blanks, \u200b zero width",
}

// sendHostile taints a flag and an account field; run sends the notifications.
func (f *faults) sendHostile(on bool) error {
	flag, account := "flag:beta_router", "account:"+f.d.market.Accounts()[0]
	f.blockKeys(FaultHostile, on, flag)
	f.mu.Lock()
	f.tainted = on
	f.mu.Unlock()
	if !on {
		f.d.redis.m.HDel(account, "comment")
		f.d.redis.m.Del(flag)
		f.d.market.Rewrite()
		return nil
	}
	if f.d.redis.m.Type(account) == "hash" {
		f.d.redis.m.HSet(account, "comment", hostileText[2])
	}
	return f.d.redis.m.Set(flag, hostileText[0])
}

// run publishes hostile notifications while that fault is on, until ctx ends.
func (f *faults) run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for i := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		f.mu.RLock()
		on := f.tainted
		f.mu.RUnlock()
		if !on {
			continue
		}
		for _, account := range f.d.market.Accounts() {
			f.d.redis.m.Publish("notifications:"+account, hostileText[i%len(hostileText)])
		}
		i++
	}
}
