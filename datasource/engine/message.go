package engine

import (
	"bytes"
	"strings"
)

// message is a payload, or the picked part of one, on its way to its queues.
type message struct {
	body    []byte
	around  *message // what the part was picked from
	matched []byte   // what the pattern's '*' matched; nil without a pattern

	scanned bool // the following is known
	shape   shape
	names   [maxNamed][]byte
	count   int // elements that it names
}

// scanOnce finds the shape of a message and the elements that it names.
func (m *message) scanOnce() shape {
	if !m.scanned {
		m.scanned = true
		m.shape = m.scan(m.body, true)
	}
	return m.shape
}

// matchedPart returns the part of a channel's name that the '*' of a pattern matched.
func matchedPart(pattern, channel string) []byte {
	before, after, ok := strings.Cut(pattern, "*")
	if !ok || strings.ContainsAny(after, "*?[") || len(channel) < len(before)+len(after) {
		return nil
	}
	return []byte(channel[len(before) : len(channel)-len(after)])
}

// normalize appends a name without case and separators: BTC/USDT, btc-usdt and
// BTCUSDT are one.
func normalize(dst, name []byte) []byte {
	for _, c := range name {
		switch {
		case c >= 'A' && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			dst = append(dst, c)
		}
	}
	if len(dst) == 0 {
		return append(dst, bytes.ToLower(name)...)
	}
	return dst
}

func normalizeName(name string) string { return string(normalize(nil, []byte(name))) }

// isRoutingName reports whether a field is one that producers name a symbol or
// an account by.
func isRoutingName(name []byte) bool {
	const longest = len("instrument_id")
	if len(name) == 0 || len(name) > longest {
		return false
	}
	switch name[0] | 0x20 {
	case 's', 'p', 't', 'm', 'i', 'a', 'l', 'u':
	default:
		return false
	}
	var buf [longest]byte
	switch string(normalize(buf[:0], name)) {
	case "symbol", "sym", "s", "pair", "ticker", "market", "instid", "instrument", "instrumentid",
		"account", "accountid", "login", "userid":
		return true
	}
	return false
}

// fieldsContainAll reports whether each of the values is in some field of a message.
func fieldsContainAll(body []byte, values []string) bool {
	var buf [maxElement]byte
	for _, want := range values {
		found := false
		eachField(body, func(_, v []byte) bool {
			text, ok := scalarText(v)
			found = ok && string(normalize(buf[:0], text)) == want
			return !found
		})
		if !found {
			return false
		}
	}
	return true
}
