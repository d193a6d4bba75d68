package discover

import (
	"strings"
)

// pieceClass says what a piece of a key is.
type pieceClass uint8

const (
	pieceSep     pieceClass = iota // ":" and the like
	pieceWord                      // a fixed word, as far as one key can tell
	pieceElement                   // a symbol, account or id: it differs between keys of a family
	pieceDate                      // a date or time; form is its strftime
	pieceInstant                   // a moment in seconds or milliseconds: one key for each event
)

// piece is a part of a key.
type piece struct {
	class pieceClass
	text  string
	form  string // pieceDate: strftime
}

// isSeparator reports whether a byte stands between the parts of keys.
func isSeparator(b byte) bool { return strings.IndexByte(":-_.|/{}@ ", b) >= 0 }

// splitKey cuts a key into pieces by its separators and by content. Dates,
// uuids and pairs like BTC-USDT may contain separators themselves.
func splitKey(key string) []piece {
	var out []piece
	for at := 0; at < len(key); {
		rest := key[at:]
		if isSeparator(rest[0]) {
			out = append(out, piece{class: pieceSep, text: rest[:1]})
			at++
			continue
		}
		p := matchPiece(rest)
		if p.text == "" {
			end := 1
			for end < len(rest) && !isSeparator(rest[end]) {
				end++
			}
			p = classifyWord(rest[:end])
		}
		out = append(out, p)
		at += len(p.text)
	}
	return out
}

// compound is a pattern that may contain separators.
type compound struct {
	re    *pattern
	class pieceClass
	form  string
}

const (
	dayPattern  = `20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`
	solidDay    = `20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])`
	hourPattern = `(?:[01]\d|2[0-3])`
)

// dateForms are tried in order, the longest first.
var dateForms = []compound{
	{newPattern(`^` + dayPattern + `T` + hourPattern + `:[0-5]\d:[0-5]\d`), pieceDate, "%Y-%m-%dT%H:%M:%S"},
	{newPattern(`^` + dayPattern + ` ` + hourPattern + `:[0-5]\d:[0-5]\d`), pieceDate, "%Y-%m-%d %H:%M:%S"},
	{newPattern(`^` + dayPattern + `T` + hourPattern + `:[0-5]\d`), pieceDate, "%Y-%m-%dT%H:%M"},
	{newPattern(`^` + dayPattern + `_` + hourPattern + `-[0-5]\d`), pieceDate, "%Y-%m-%d_%H-%M"},
	{newPattern(`^` + dayPattern + `T` + hourPattern), pieceDate, "%Y-%m-%dT%H"},
	{newPattern(`^` + dayPattern + `[-_:]` + hourPattern), pieceDate, "%Y-%m-%d?%H"},
	{newPattern(`^` + dayPattern), pieceDate, "%Y-%m-%d"},
	{newPattern(`^20\d\d_(?:0[1-9]|1[0-2])_(?:0[1-9]|[12]\d|3[01])`), pieceDate, "%Y_%m_%d"},
	{newPattern(`^20\d\d\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])`), pieceDate, "%Y.%m.%d"},
	{newPattern(`^20\d\d/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])`), pieceDate, "%Y/%m/%d"},
	{newPattern(`^` + solidDay + `T` + hourPattern + `[0-5]\d[0-5]\d`), pieceDate, "%Y%m%dT%H%M%S"},
	{newPattern(`^` + solidDay + `[-_:]` + hourPattern), pieceDate, "%Y%m%d?%H"},
	{newPattern(`^` + solidDay + hourPattern + `[0-5]\d[0-5]\d`), pieceDate, "%Y%m%d%H%M%S"},
	{newPattern(`^` + solidDay + hourPattern + `[0-5]\d`), pieceDate, "%Y%m%d%H%M"},
	{newPattern(`^` + solidDay + hourPattern), pieceDate, "%Y%m%d%H"},
	{newPattern(`^` + solidDay), pieceDate, "%Y%m%d"},
	{newPattern(`^20\d\d-(?:0[1-9]|1[0-2])`), pieceDate, "%Y-%m"},
	{newPattern(`^1[5-9]\d{8}\.\d+`), pieceInstant, ""},
	{newPattern(`^1[5-9]\d{8}(?:\d{3}|\d{6}|\d{9})?`), pieceInstant, ""},
}

var uuidPattern = newPattern(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// uuidAt returns the uuid that s begins with.
func uuidAt(s string) string {
	if len(s) < 36 || s[8] != '-' || s[13] != '-' {
		return ""
	}
	return uuidPattern.FindString(s)
}

// matchPiece recognises what may contain separators; the zero piece isn't one.
func matchPiece(rest string) piece {
	if m := uuidAt(rest); m != "" && endsPiece(rest, len(m)) {
		return piece{class: pieceElement, text: m}
	}
	if c := rest[0]; c == '1' || c == '2' {
		for _, f := range dateForms {
			if m := f.re.FindString(rest); m != "" && endsPiece(rest, len(m)) {
				form := f.form
				if i := strings.IndexByte(form, '?'); i >= 0 { // the separator that is there
					form = form[:i] + m[len(m)-3:len(m)-2] + form[i+1:]
				}
				return piece{class: f.class, text: m, form: form}
			}
		}
	}
	if n := matchPair(rest); n > 0 {
		return piece{class: pieceElement, text: rest[:n]}
	}
	if c := rest[0]; c < 'A' || c > 'Z' || !strings.ContainsAny(rest[:min(len(rest), 9)], "0123456789") {
		return piece{}
	}
	if m := labelledID.FindString(rest); m != "" && endsPiece(rest, len(m)) && !isTimeframe(m) {
		return piece{class: pieceElement, text: m}
	}
	return piece{}
}

// labelledID is an id with its letters in front: ACC-1001, DU123456.
var labelledID = newPattern(`^[A-Z]{1,6}(?:[-_]?\d{4,}|-\d{2,})`)

func endsPiece(s string, n int) bool { return n == len(s) || isSeparator(s[n]) }

var timeframe = newPattern(`^(?i:m|h|d|w|mn)\d{0,2}$|^\d{1,3}(?i:s|m|min|h|d|w|mo|y|sec|hour|day)$|^(?i:tick|daily|weekly|monthly|hourly|minute)$`)

func isTimeframe(s string) bool {
	if len(s) > 7 || len(s) > 2 && !strings.ContainsAny(s, "0123456789") && !timeframeWords[strings.ToLower(s)] {
		return false // most words of most keys
	}
	return timeframe.MatchString(s)
}

var timeframeWords = wordSet("tick daily weekly monthly hourly minute")

// classifyWord classifies a part without separators.
func classifyWord(s string) piece {
	p := piece{class: pieceWord, text: s}
	switch {
	case isTimeframe(s):
	case isSymbol(s), isLongNumber(s), isHex(s):
		p.class = pieceElement
	}
	return p
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isLongNumber(s string) bool { return len(s) >= 4 && isDigits(s) }

// isHex recognises hashes and hexadecimal ids: digits and letters mixed.
func isHex(s string) bool {
	if len(s) < 6 {
		return false
	}
	digits, letters := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			letters++
		default:
			return false
		}
	}
	return digits > 0 && letters > 0 && (len(s) >= 8 || digits >= 2)
}
