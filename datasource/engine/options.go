package engine

import (
	"log/slog"
	"time"

	"ticktop/datasource"
)

// Options configure an Engine. The zero value of each is its default.
type Options struct {
	Redis    datasource.Reader   // nil: nothing is polled
	Listener datasource.Listener // nil: nothing is pushed
	API      datasource.Reader   // nil: no fallback
	Scanner  Scanner             // nil: variables cannot follow the names of keys

	Poll     time.Duration // between two reads; 1 s
	CacheTTL time.Duration // how long an answer of the API is good for; 60 s
	Frame    time.Duration // between two publishes of a burst; 100 ms
	Logger   *slog.Logger  // nil: nothing is logged; never a value or a secret

	Suspended func() time.Duration // how long the machine was suspended in all; nil: as the system says
}

// Times that are not configured.
const (
	readTimeout   = 1500 * time.Millisecond // one poll
	askTimeout    = 5 * time.Second         // one request to the API, over the client's own limit
	askParallel   = 4                       // requests in flight
	loadingLimit  = 2500 * time.Millisecond // without any answer: an error that says so
	confirmLimit  = 250 * time.Millisecond  // for Redis to confirm an expiry before the API is asked anyway
	flapAfter     = 5 * time.Second         // between two questions when the key came and went
	preRead       = 40 * time.Millisecond   // before a deadline
	rereadGap     = 5 * time.Millisecond    // between two reads for deadlines
	publishGap    = 10 * time.Millisecond   // between two publishes of anything, in the long run
	publishBurst  = 4                       // so many may come at once
	refreshGap    = time.Second             // between two Refresh of one datum
	wholeEvery    = time.Minute             // series are read whole, to see what was trimmed or corrected
	backoffMin    = 100 * time.Millisecond  // Redis
	backoffMax    = 2 * time.Second
	apiRetryMin   = time.Second // the API, after a failure
	apiRetryMax   = 30 * time.Second
	tokenRecheck  = 3 * time.Second  // after a refused token: whether there is another
	missingFor    = 60 * time.Second // how long the API's "no such thing" is believed, when it does not say
	onceLimit     = 5 * time.Second
	onceSubscribe = time.Second // how long Once waits for the channels
)

func (o Options) withDefaults() Options {
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.CacheTTL <= 0 {
		o.CacheTTL = time.Minute
	}
	if o.Frame <= 0 {
		o.Frame = 100 * time.Millisecond
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Suspended == nil {
		o.Suspended = suspendedTime
	}
	return o
}
