package discover

import (
	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// readBinary reads what is no JSON and no plain text as the dashboard will:
// compressed, pickled, msgpack, or a Python literal.
func readBinary(b []byte) *node {
	v, _, err := decode.Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: b, TTL: datasource.NoTTL})
	if err != nil {
		return &node{kind: nodeUnreadable}
	}
	n := readNested(decode.JSON(v), 1)
	if n.kind == nodeText && len(n.text) > 0 && n.text[0] == '{' {
		return &node{kind: nodeText, text: n.text}
	}
	return n
}
