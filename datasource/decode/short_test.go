package decode

import (
	"time"

	"ticktop/datasource"
)

// Merge is Push without the marks.
func Merge(ref *datasource.Ref, prev *datasource.Value, payload []byte, at time.Time) (datasource.Value, time.Time, error) {
	return push(ref, prev, payload, at, &remarks{})
}

// Message decodes a payload of a channel without a shape.
func Message(payload []byte, at time.Time) datasource.Message {
	m, _, _ := ReadMessage(&datasource.Ref{Kind: datasource.KindChannel}, payload, at)
	return m
}
