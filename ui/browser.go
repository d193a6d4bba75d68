package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

// Browser reads the keys of the Redis that is shown, never writing: one page of
// SCAN at a time. Methods may block and are called from commands. It is given
// only to sessions that no user's rights limit.
type Browser interface {
	// Scan returns the next page of keys after cursor that begin with prefix,
	// and the cursor after it; "" at the start and at the end.
	Scan(prefix, cursor string) (page BrowsePage, err error)
	// Inspect reads one key: type, TTL, size and a preview, bounded.
	Inspect(key string) (BrowseKey, error)
	// Pin shows a key, or a family of keys ("quote:*"), on a page of the
	// dashboard; the desk then reports a change. nil error: it is shown.
	Pin(pattern string) error
}

// BrowsePage is one page of keys.
type BrowsePage struct {
	Keys   []string
	Cursor string // of the next page; "" at the end
	Seen   int    // keys looked at for it
}

// BrowseKey is what is known of one key.
type BrowseKey struct {
	Key, Type, Encoding string
	TTL                 string // "none", "41 s"
	Size                int64  // bytes, or elements
	Preview             []string
}

// browse is the state of the tree of keys that is open.
type browse struct {
	prefix string
	keys   []string // below prefix, as far as read
	cursor string
	seen   int
	done   bool
	err    error
}

// maxBrowsed bounds the keys held of one prefix.
const maxBrowsed = 20_000

// openBrowser shows the keys of Redis as a tree, read page by page.
func openBrowser(m *Model) tea.Cmd {
	if m.opt.Browser == nil {
		m.say(theme.Label, "browsing is for sessions that no rights limit")
		return nil
	}
	return browsePrefix(m, "")
}

func browsePrefix(m *Model, prefix string) tea.Cmd {
	b := &browse{prefix: prefix}
	p := &overlay.Picker{Title: "Keys " + datasource.Clean(prefix, 48).String(), Stay: true, List: func() []overlay.Choice { return browseChoices(m, b) },
		Note: "enter open · + pin · m more · backspace up · / find · q close"}
	p.OnKey = func(key string, c *overlay.Choice) (tea.Cmd, bool) {
		switch {
		case p.Typing:
			return nil, false
		case key == "m":
			return scanMore(m, b), true
		case key == "backspace" && b.prefix != "":
			return browsePrefix(m, parentPrefix(b.prefix)), true
		case key == "+" && c != nil:
			return pinKey(m, b.prefix+c.Name), true
		}
		return nil, false
	}
	m.open(p)
	return scanMore(m, b)
}

// scanMore reads the next page in a command.
func scanMore(m *Model, b *browse) tea.Cmd {
	if b.done || len(b.keys) >= maxBrowsed {
		return nil
	}
	browser, prefix, cursor := m.opt.Browser, b.prefix, b.cursor
	return func() tea.Msg {
		page, err := browser.Scan(prefix, cursor)
		return doneMsg{func(m *Model) tea.Cmd {
			b.keys, b.cursor, b.err = append(b.keys, page.Keys...), page.Cursor, err
			b.seen += page.Seen
			b.done = page.Cursor == "" || err != nil
			m.dirty = true
			return nil
		}}
	}
}

// branches are the parts below a prefix: a part with more than one key below it
// is a folder.
func branches(prefix string, keys []string) (names []string, count map[string]int) {
	count = map[string]int{}
	for _, key := range keys {
		rest := strings.TrimPrefix(key, prefix)
		name := rest
		if i := strings.IndexAny(rest, ":/|"); i >= 0 {
			name = rest[:i+1]
		}
		if count[name] == 0 {
			names = append(names, name)
		}
		count[name]++
	}
	return names, count
}

func browseChoices(m *Model, b *browse) []overlay.Choice {
	if b.err != nil {
		return []overlay.Choice{{Name: "failed", Note: datasource.Clean(b.err.Error(), datasource.MaxCell).String(), Do: func() tea.Cmd { return nil }}}
	}
	names, count := branches(b.prefix, b.keys)
	out := make([]overlay.Choice, 0, len(names)+1)
	for _, name := range names {
		shown := datasource.Clean(name, 128).String()
		full := b.prefix + name
		if strings.HasSuffix(name, ":") || strings.HasSuffix(name, "/") || strings.HasSuffix(name, "|") {
			out = append(out, overlay.Choice{Mark: "▸", Name: shown, Note: strconv.Itoa(count[name]) + " keys", Do: func() tea.Cmd { return browsePrefix(m, full) }})
			continue
		}
		out = append(out, overlay.Choice{Mark: " ", Name: shown, Note: "key", Do: func() tea.Cmd { return inspectKey(m, full) }})
	}
	if !b.done {
		out = append(out, overlay.Choice{Mark: "…", Name: "more", Note: strconv.Itoa(b.seen) + " keys scanned", Do: func() tea.Cmd { return scanMore(m, b) }})
	}
	return out
}

func parentPrefix(prefix string) string {
	trimmed := strings.TrimRight(prefix, ":/|")
	return prefix[:strings.LastIndexAny(trimmed, ":/|")+1]
}

func inspectKey(m *Model, key string) tea.Cmd {
	browser := m.opt.Browser
	return func() tea.Msg {
		k, err := browser.Inspect(key)
		return doneMsg{func(m *Model) tea.Cmd {
			if err != nil {
				m.say(theme.Bad, err.Error())
				return nil
			}
			m.open(overlay.NewKeyPager(datasource.Clean(k.Key, 256), [][2]string{{"type", k.Type}, {"encoding", k.Encoding}, {"ttl", k.TTL},
				{"size", strconv.FormatInt(k.Size, 10)}}, k.Preview))
			return nil
		}}
	}
}

// pinKey shows a key, or a family when the name ends with a separator, on the
// dashboard.
func pinKey(m *Model, name string) tea.Cmd {
	browser := m.opt.Browser
	if strings.TrimRight(name, ":/|") != name {
		name += "*"
	}
	return func() tea.Msg {
		err := browser.Pin(name)
		return doneMsg{func(m *Model) tea.Cmd {
			if err != nil {
				m.say(theme.Bad, err.Error())
			} else {
				m.say(theme.Good, "pinned "+name)
			}
			return nil
		}}
	}
}
