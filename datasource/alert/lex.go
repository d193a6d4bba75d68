package alert

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	tokEnd    tokenKind = iota
	tokName             // account.equity, age, and, over
	tokNumber           // 45000, 5s, 0.5%
	tokText             // "halted"
	tokOp               // < <= > >= == != && || ! ( ) , + - * /
)

// token is one word of an expression.
type token struct {
	kind tokenKind
	text string
	pos  int // byte offset
}

// The longest expression, and how deep it may nest.
const (
	maxExpr  = 1000
	maxDepth = 50
)

// lex splits an expression into tokens, the last of kind tokEnd.
func lex(s string) ([]token, error) {
	if len(s) > maxExpr {
		return nil, errorAt(s, maxExpr, "longer than 1000 bytes", "")
	}
	var out []token
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			i++
			continue
		}
		t, next, err := lexOne(s, i)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		i = next
	}
	return append(out, token{kind: tokEnd, pos: len(s)}), nil
}

func lexOne(s string, i int) (token, int, error) {
	c := s[i]
	switch {
	case c >= '0' && c <= '9' || c == '.' && i+1 < len(s) && isDigit(s[i+1]):
		end := numberEnd(s, i)
		return token{tokNumber, s[i:end], i}, end, nil
	case c == '"' || c == '\'':
		end := strings.IndexByte(s[i+1:], c)
		if end < 0 {
			return token{}, 0, errorAt(s, i, "text is never closed", "")
		}
		return token{tokText, s[i+1 : i+1+end], i}, i + end + 2, nil
	}
	if op := operatorAt(s[i:]); op != "" {
		return token{tokOp, op, i}, i + len(op), nil
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	if nameStart(r) {
		end := nameEnd(s, i)
		return token{tokName, s[i:end], i}, end, nil
	}
	hint := ""
	switch c {
	case '=':
		if hint = quotedName(s, i); hint != "" {
			return token{}, 0, errorAt(s, i, "a name with = in it is written in quotes", hint)
		}
		hint = "=="
	case '&':
		hint = "&&"
	case '|':
		hint = "||"
	}
	return token{}, 0, errorAt(s, i, "unexpected "+quoteCut(string(r)), hint)
}

// quotedName returns how the dotted name around a mark at i is written, where
// both its neighbours are part of one: quote."ES=F".bid for quote.ES=F.bid.
func quotedName(s string, i int) string {
	start, end := i, i+1
	for start > 0 && (isNameByte(s[start-1]) || s[start-1] == '.') {
		start--
	}
	for end < len(s) && (isNameByte(s[end]) || s[end] == '.') {
		end++
	}
	before, after := s[start:i], s[i+1:end]
	dot := strings.LastIndexByte(before, '.')
	if dot <= 0 || dot == len(before)-1 || after == "" || after[0] == '.' {
		return ""
	}
	symbol, field, _ := strings.Cut(after, ".")
	out := before[:dot] + `."` + before[dot+1:] + s[i:i+1] + symbol + `"`
	if field != "" {
		out += "." + field
	}
	return out
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// operatorAt returns the operator at the start of s, the longest first.
func operatorAt(s string) string {
	for _, op := range [...]string{"<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "(", ")", ",", "+", "-", "*", "/"} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// numberEnd takes digits, a fraction, an exponent and a unit.
func numberEnd(s string, i int) int {
	for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == '_') {
		i++
	}
	if i+1 < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if (s[j] == '+' || s[j] == '-') && j+1 < len(s) {
			j++
		}
		if isDigit(s[j]) {
			for i = j; i < len(s) && isDigit(s[i]); {
				i++
			}
		}
	}
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != '%' && r != 'µ' && !unicode.IsLetter(r) {
			break
		}
		i += n
	}
	return i
}

func nameStart(r rune) bool { return r == '_' || r != utf8.RuneError && unicode.IsLetter(r) }

// nameEnd takes a dotted name. Symbols are written with all kinds of marks, so
// - / : # @ & belong to a name where they stand between two letters or digits;
// arithmetic needs blanks. A part in quotes may hold anything.
func nameEnd(s string, i int) int {
	for i < len(s) {
		if s[i] == '.' && i+1 < len(s) && s[i+1] == '"' {
			end := strings.IndexByte(s[i+2:], '"')
			if end < 0 {
				return i
			}
			i += end + 3
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if inName(r) {
			i += n
			continue
		}
		after, _ := utf8.DecodeRuneInString(s[i+n:])
		if !strings.ContainsRune(".-/:#@^$", r) || !inName(after) {
			break
		}
		i += n
	}
	return i
}

func inName(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
