package demo

import (
	"context"
	"strings"
	"testing"
)

// published keeps the channels of what is published.
type published struct{ channels []string }

func (p *published) Pipeline(_ context.Context, commands [][]any) error {
	for _, c := range commands {
		if c[0] == "PUBLISH" {
			p.channels = append(p.channels, textOf(c[1]))
		}
	}
	return nil
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// TestWithChannelPrefix_EveryChannel (case 17): a market beside a real one
// publishes on no channel that a real dashboard hears.
func TestWithChannelPrefix_EveryChannel(t *testing.T) {
	m := NewMarket(MarketOptions{Seed: 1, Rate: 100, Symbols: 3})
	var plain, own published
	for i, w := range []Writer{&plain, WithChannelPrefix(&own, "sim:")} {
		if err := m.Fill(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		for range 50 {
			if err := m.Step(t.Context(), w); err != nil {
				t.Fatal(err)
			}
		}
		if got := []published{plain, own}[i].channels; len(got) == 0 {
			t.Fatal("nothing is published")
		}
	}
	for _, c := range plain.channels {
		if strings.HasPrefix(c, "sim:") {
			t.Errorf("%s without a prefix asked for", c)
		}
	}
	for _, c := range own.channels {
		if !strings.HasPrefix(c, "sim:") {
			t.Errorf("%s is a channel of others", c)
		}
	}
}
