package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/discover"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
	"ticktop/ui/browse"
)

// pinnedPage is the page that shows what is pinned.
const pinnedPage = "Pinned"

// Pin is a key, or a prefix followed by "*", and what shows it.
type Pin struct {
	Name     string          `json:"name"`
	Addition config.Addition `json:"addition"`
}

// Pins are the keys that a session has put on a page for itself. They are a part
// of no file until they are written to one. It is safe for concurrent use.
type Pins struct {
	load config.Options
	keep func([]Pin) // remembers them; nil: nobody does
	log  *slog.Logger

	mu     sync.Mutex
	list   []Pin
	base   *config.Config // with is made of
	with   *config.Config
	failed *config.Config // could not be added to
}

// maxPins bounds the pins of a session.
const maxPins = 40

// NewPins returns the pins that were remembered. keep is called with all of them
// after a change.
func NewPins(load config.Options, remembered string, keep func(text string), log *slog.Logger) *Pins {
	p := &Pins{load: load, log: log}
	if err := json.Unmarshal([]byte(remembered), &p.list); err != nil || len(p.list) > maxPins { // another version's is a clean start
		p.list = nil
	}
	if keep != nil {
		p.keep = func(list []Pin) {
			text, _ := json.Marshal(list) // strings always encode
			keep(string(text))
		}
	}
	return p
}

// Names lists what is pinned.
func (p *Pins) Names() []string {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]string, len(p.list))
	for i := range p.list {
		out[i] = p.list[i].Name
	}
	return out
}

// Addition is everything that is pinned, on one page.
func (p *Pins) Addition() config.Addition {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addition()
}

func (p *Pins) addition() config.Addition {
	out := config.Addition{Page: pinnedPage}
	for _, pin := range p.list {
		out.Vars = append(out.Vars, pin.Addition.Vars...)
		out.Data = append(out.Data, pin.Addition.Data...)
		out.Panels = append(out.Panels, pin.Addition.Panels...)
	}
	return out
}

// Apply returns a configuration with what is pinned: itself where nothing is, or
// where it cannot be added to.
func (p *Pins) Apply(c *config.Config) *config.Config {
	if p == nil {
		return c
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(p.list) == 0 || p.failed == c:
		return c
	case p.base == c && p.with != nil:
		return p.with
	}
	with, err := c.With(p.addition(), p.load)
	if err != nil {
		p.log.Warn("what is pinned cannot be shown", "err", err)
		p.failed = c
		return c
	}
	p.base, p.with = c, with
	return with
}

// taken are the names that another pin may not have.
func (p *Pins) taken(c *config.Config) []string {
	out := c.DataNames()
	for name := range c.Vars {
		out = append(out, name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pin := range p.list {
		for _, l := range slices.Concat(pin.Addition.Vars, pin.Addition.Data) {
			out = append(out, l.Name)
		}
	}
	return out
}

// add takes a pin up, if the configuration can be added to.
func (p *Pins) add(c *config.Config, pin Pin) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.list) >= maxPins {
		return errors.New("too much is pinned: + on a pinned key takes it away")
	}
	before := p.list
	p.change(append(slices.Clone(before), pin))
	with, err := c.With(p.addition(), p.load)
	if err != nil {
		p.list = before
		return err
	}
	p.base, p.with = c, with
	p.remember()
	return nil
}

// remove takes a pin away; false when there is no such name.
func (p *Pins) remove(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.list, func(pin Pin) bool { return pin.Name == name })
	if i < 0 {
		return false
	}
	p.change(slices.Delete(slices.Clone(p.list), i, i+1))
	p.remember()
	return true
}

// Clear forgets everything: it is in a file now.
func (p *Pins) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change(nil)
	p.remember()
}

// forget has a later session begin without: a new file has them, and this one
// does not read it.
func (p *Pins) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keep != nil {
		p.keep(nil)
	}
}

func (p *Pins) change(list []Pin) { p.list, p.base, p.with, p.failed = list, nil, nil, nil }

func (p *Pins) remember() {
	if p.keep != nil {
		p.keep(p.list)
	}
}

// maxFamily bounds the keys that are looked at to pin a family.
const maxFamily = 5000

// Pins implements browse.Source.
func (b *keyBrowser) Pins() []string { return b.pins.Names() }

// Pin implements browse.Source.
func (b *keyBrowser) Pin(prefix string, family bool) (browse.Pinned, error) {
	name := prefix
	if family {
		name += "*"
	}
	done := browse.Pinned{Name: datasource.Clean(name, 128)}
	if b.pins.remove(name) {
		return done, nil
	}
	client, ok := b.reader().(pinReader)
	if !ok {
		return done, errNoRedis
	}
	ctx, cancel := context.WithTimeout(context.Background(), pinTimeout)
	defer cancel()
	c := b.config()
	pin, err := findPin(ctx, client, prefix, family, b.pins.taken(c))
	if err != nil {
		return done, err
	}
	done.On = true
	return done, b.pins.add(c, Pin{Name: name, Addition: config.Addition{Vars: linesOf(pin.Vars), Data: linesOf(pin.Data), Panels: pin.Panels}})
}

// pinReader is a Redis that discover can look into as well.
type pinReader interface {
	keyReader
	discover.Sampler
}

// findPin finds out what shows a key or a family.
func findPin(ctx context.Context, client pinReader, prefix string, family bool, taken []string) (*discover.Pin, error) {
	names := []string{prefix}
	if family {
		var err error
		if names, err = familyNames(ctx, client, prefix); err != nil {
			return nil, err
		}
	}
	facts, err := client.Facts(ctx, names)
	if err != nil {
		return nil, err
	}
	var keys []redisdb.Key
	for i := range facts {
		if facts[i].Type != "none" && facts[i].Type != "" {
			keys = append(keys, redisdb.Key{Name: facts[i].Name, Type: facts[i].Type})
		}
	}
	switch {
	case len(keys) == 0 && facts[0].Err != nil:
		return nil, facts[0].Err
	case len(keys) == 0:
		return nil, errors.New("the key is gone: expired or deleted")
	case family:
		return discover.PinFamily(ctx, client, keys, taken)
	}
	return discover.PinKey(ctx, client, keys[0], taken)
}

// familyNames are keys that begin with a prefix, up to a bounded number.
func familyNames(ctx context.Context, client keyReader, prefix string) ([]string, error) {
	var names []string
	pattern := redisdb.GlobEscape(prefix) + "*"
	for cursor := ""; len(names) < maxFamily; {
		page, err := client.ScanPage(ctx, pattern, cursor)
		if err != nil {
			return nil, err
		}
		names = append(names, page.Names...)
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	names = names[:min(len(names), maxFamily)]
	slices.SortFunc(names, strings.Compare)
	if names = slices.Compact(names); len(names) == 0 {
		return nil, errors.New("there is no such key any more")
	}
	return names, nil
}

func linesOf(in []discover.PinLine) []config.Line {
	out := make([]config.Line, len(in))
	for i, l := range in {
		out[i] = config.Line(l)
	}
	return out
}
