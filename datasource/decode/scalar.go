package decode

import (
	"bytes"

	"ticktop/datasource"
)

// maxDigits is the longest number that is still a number; more digits than any
// price or balance has are text, so that nobody lays out a number of 200 kB.
const maxDigits = 128

var bom = []byte("\xef\xbb\xbf")

// document decodes one whole payload, strictly: what begins as a JSON object or
// array must be one, to its end, and what is binary must be read.
func document(b []byte) (datasource.Value, error) {
	if len(b) > datasource.MaxValueBytes {
		return datasource.Value{}, tooBig("%s, at most %s", size(len(b)), size(datasource.MaxValueBytes))
	}
	out, packed, err := unpack(b)
	switch {
	case err != nil:
		return datasource.Value{}, err
	case packed && out.done:
		return out.value, nil
	case packed:
		b = out.text
	}
	return textDocument(b)
}

// textDocument is document of what is text.
func textDocument(b []byte) (datasource.Value, error) {
	body := trim(b)
	if !isContainer(body) {
		return scalar(b, body), nil
	}
	v, err := parse(string(body))
	if err != nil {
		if v, ok := fromPython(string(body)); ok {
			return v, nil
		}
	}
	return v, err
}

// lenient decodes a payload in a place where text is at home: what is not JSON
// is text, and what is binary and can't be read is text that says so.
func lenient(b []byte) datasource.Value {
	v, _ := part(b)
	return v
}

// part is lenient; err says that the bytes are binary and can't be read.
func part(b []byte) (datasource.Value, error) {
	if len(b) > datasource.MaxValueBytes {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.CleanBytes(b, datasource.MaxCell)}, nil
	}
	out, packed, err := unpack(b)
	switch {
	case err != nil:
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean("unreadable: "+err.Error(), datasource.MaxCell)}, err
	case packed && out.done:
		return out.value, nil
	case packed:
		b = out.text
	}
	if v, err := textDocument(b); err == nil {
		return v, nil
	}
	return scalar(b, trim(b)), nil
}

// scalar decodes a payload that is neither object nor array. body is b without
// byte order mark and white space.
func scalar(b, body []byte) datasource.Value {
	switch {
	case len(body) == 0:
		if len(b) > 0 && !bytes.Equal(b, bom) {
			break // blanks are text: not the same as nothing
		}
		return datasource.Value{Type: datasource.TypeNull}
	case body[0] == '"' && body[len(body)-1] == '"':
		if v, err := parse(string(body)); err == nil {
			return v
		}
	case string(body) == "null":
		return datasource.Value{Type: datasource.TypeNull}
	case string(body) == "true":
		return datasource.Value{Type: datasource.TypeBool, Bool: true}
	case string(body) == "false":
		return datasource.Value{Type: datasource.TypeBool}
	case len(body) <= maxDigits && mayBeNumber(body[0]):
		if n, ok := number(string(body)); ok {
			return datasource.Value{Type: datasource.TypeNumber, Num: n}
		}
	}
	return datasource.Value{Type: datasource.TypeText, Text: datasource.CleanBytes(bytes.TrimPrefix(b, bom), datasource.MaxCell)}
}

// opened is how deep JSON text inside JSON text is opened.
const opened = 3

// text decodes a JSON string: a number in quotes is a number.
func text(s string) datasource.Value {
	if len(s) > 0 && mayBeNumber(s[0]) {
		if n, ok := number(s); ok {
			return datasource.Value{Type: datasource.TypeNumber, Num: n.AsQuoted()}
		}
	}
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, datasource.MaxCell)}
}

// number is datasource.ParseNumber without what is more likely a name: NAN and
// INF in capitals are symbols of real shares; no language prints the numbers so.
func number(s string) (datasource.Number, bool) {
	if len(s) > maxDigits || s == "NAN" || s == "INF" || s == "INFINITY" {
		return datasource.Number{}, false
	}
	return datasource.ParseNumber(s)
}

// mayBeNumber looks at the first byte, to spare a look at every text.
func mayBeNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == 'n' || c == 'N' || c == 'i' || c == 'I'
}

// trim cuts a byte order mark and JSON's white space.
func trim(b []byte) []byte {
	b = bytes.TrimPrefix(b, bom)
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isContainer(b []byte) bool { return len(b) > 0 && (b[0] == '{' || b[0] == '[') }
