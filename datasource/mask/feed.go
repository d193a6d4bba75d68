package mask

import (
	"sync"

	"ticktop/datasource"
)

// Feed returns feed as somebody under a privacy policy may see it; a Player
// stays one.
func Feed(feed datasource.Feed) datasource.Feed {
	w := &private{Feed: feed}
	if p, ok := feed.(datasource.Player); ok {
		return &privatePlayer{Player: p, private: w}
	}
	return w
}

type private struct {
	datasource.Feed

	mu   sync.Mutex
	view View
}

// Snapshot implements datasource.Feed.
func (p *private) Snapshot() *datasource.Snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view.Of(p.Feed.Snapshot())
}

// History implements datasource.Feed: that of private data is empty.
func (p *private) History(name string) []datasource.Past {
	if e := p.Feed.Snapshot().Get(name); e == nil || !Market(e.Ref) {
		return nil
	}
	return p.Feed.History(name)
}

type privatePlayer struct {
	datasource.Player

	private *private
}

// Snapshot implements datasource.Feed.
func (p *privatePlayer) Snapshot() *datasource.Snapshot { return p.private.Snapshot() }

// History implements datasource.Feed.
func (p *privatePlayer) History(name string) []datasource.Past { return p.private.History(name) }
