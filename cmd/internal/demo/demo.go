package demo

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// Options says what demo is started. The zero value is the default one.
type Options struct {
	Seed    uint64       // the same seed gives the same market
	Rate    float64      // ticks a second; 0 is DefaultRate
	Symbols int          // how many; 0 is DefaultSymbols
	Logger  *slog.Logger // nil discards
}

// Demo is a running platform. All methods are safe for concurrent use.
type Demo struct {
	market *Market
	redis  *memory
	front  *front
	api    *api
	faults *faults

	cancel context.CancelFunc
	wg     sync.WaitGroup
	close  sync.Once
}

// Start starts a platform on free loopback ports. When it returns, all keys are
// there, with their history, and the API answers. It lives until Close or
// until ctx ends.
func Start(ctx context.Context, o Options) (*Demo, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Demo{market: NewMarket(MarketOptions{Seed: o.Seed, Rate: o.Rate, Symbols: o.Symbols,
		Failed: func(err error) { o.Logger.Warn("demo: write failed", "err", err) }})}
	var err error
	if d.redis, err = newMemory(); err != nil {
		return nil, fmt.Errorf("start demo: %w", err)
	}
	d.faults = newFaults(d)
	d.redis.admit = d.faults.mayWrite
	if err := d.market.Fill(ctx, d.redis); err != nil {
		return nil, fmt.Errorf("start demo: %w", err)
	}
	if d.front, err = newFront(d.redis.srv.ServeConn); err != nil {
		d.redis.close()
		return nil, fmt.Errorf("start demo: %w", err)
	}
	if d.api, err = newAPI(d.market, tokenOf(o.Seed)); err != nil {
		d.front.close()
		d.redis.close()
		return nil, fmt.Errorf("start demo: %w", err)
	}
	ctx, d.cancel = context.WithCancel(ctx)
	d.wg.Go(func() { d.redis.expireKeys(ctx) })
	d.wg.Go(func() { d.market.keepGoing(ctx, d.redis) })
	d.wg.Go(func() { d.faults.run(ctx) })
	d.wg.Go(func() {
		<-ctx.Done()
		d.stop()
	})
	return d, nil
}

// RedisURL is where the embedded Redis listens.
func (d *Demo) RedisURL() string { return "redis://" + d.front.addr + "/0" }

// APIURL is the base URL of the stand-in for the Django API.
func (d *Demo) APIURL() string { return "http://" + d.api.addr }

// Token is what the API wants in its Authorization header.
func (d *Demo) Token() string { return d.api.token }

// Market is what is being simulated.
func (d *Demo) Market() *Market { return d.market }

// Close stops everything and waits for it. It may be called more than once.
func (d *Demo) Close() error {
	d.cancel()
	d.wg.Wait()
	return nil
}

func (d *Demo) stop() {
	d.close.Do(func() {
		d.api.close()
		d.front.close()
		d.redis.close()
	})
}

// tokenOf is derived from the seed so that scripted demos can rely on it.
func tokenOf(seed uint64) string { return fmt.Sprintf("demo-%016x", seed*0x9e3779b97f4a7c15+1) }
