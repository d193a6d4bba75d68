package discover

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// sampled answers with one sample for every key.
type sampled map[string]redisdb.Sample

func (s sampled) Samples(_ context.Context, keys []redisdb.Key) ([]redisdb.Sample, error) {
	out := make([]redisdb.Sample, len(keys))
	for i, k := range keys {
		out[i] = s[k.Name]
		out[i].Key, out[i].TTL = k, datasource.NoTTL
	}
	return out, nil
}

func text(s string) redisdb.Sample {
	return redisdb.Sample{Bytes: []byte(s), Len: int64(len(s))}
}

func additionOf(p *Pin) config.Addition {
	a := config.Addition{Page: "Pinned", Panels: p.Panels}
	for _, l := range p.Vars {
		a.Vars = append(a.Vars, config.Line(l))
	}
	for _, l := range p.Data {
		a.Data = append(a.Data, config.Line(l))
	}
	return a
}

func TestPinKey(t *testing.T) {
	for _, tc := range []struct {
		key    redisdb.Key
		sample redisdb.Sample
		want   string // of the data, or the error
	}{
		{redisdb.Key{Name: "quote:EURUSD", Type: "string"}, text(`{"bid":1.1,"ask":1.2}`), `quote_eurusd {string: "quote:EURUSD"}`},
		{redisdb.Key{Name: "flag", Type: "string"}, text(`1`), `flag_2 {string: "flag"}`},
		{redisdb.Key{Name: "a {b}", Type: "string"}, text(`x`), `a__b {string: "a {{b}}"}`},
		{redisdb.Key{Name: "h", Type: "hash"}, redisdb.Sample{Len: 1, Fields: []datasource.RawField{{Name: "equity", Value: []byte("1.5")}}}, `h {hash: "h"}`},
		{redisdb.Key{Name: "user:1:password", Type: "string"}, text(`x`), "not pinned: secrets"},
		{redisdb.Key{Name: "evil\x1b", Type: "string"}, text(`x`), "a key of this name cannot be written in a configuration"},
		{redisdb.Key{Name: "bf", Type: "MBbloom--"}, text(``), "a key of type MBbloom-- cannot be shown"},
	} {
		c, err := config.Parse("t.yaml", nil, config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := PinKey(context.Background(), sampled{tc.key.Name: tc.sample}, tc.key, c.DataNames())
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = p.Data[0].Name + " " + p.Data[0].Text
			if _, err = c.With(additionOf(p), config.Options{}); err != nil {
				t.Errorf("%s: %v\n%v", tc.key.Name, err, p)
			}
		}
		if got != tc.want {
			t.Errorf("%q: got %s\nwant %s", tc.key.Name, got, tc.want)
		}
	}
}

func TestPinFamily_BesidesWhatIsThere(t *testing.T) {
	samples := sampled{}
	var keys []redisdb.Key
	for i, symbol := range []string{"EURUSD", "GBPUSD", "USDJPY"} {
		name := "quote:" + symbol
		samples[name] = text(fmt.Sprintf(`{"bid":1.%d,"ask":1.%d,"ts":1795424400}`, i, i+1))
		keys = append(keys, redisdb.Key{Name: name, Type: "string"})
	}
	for _, base := range append(config.PresetNames(), "") {
		c, err := config.Load(config.Options{Preset: base})
		if err != nil {
			t.Fatal(err)
		}
		taken := c.DataNames()
		for name := range c.Vars {
			taken = append(taken, name)
		}
		p, err := PinFamily(context.Background(), samples, keys, taken)
		if err != nil {
			t.Fatal(err)
		}
		with, err := c.With(additionOf(p), config.Options{})
		if err != nil {
			t.Fatalf("%s: %v\n%+v", base, err, p)
		}
		if pages := with.PageNames(); pages[len(pages)-1] != "Pinned" || !strings.Contains(p.Data[0].Text, "for: {") {
			t.Errorf("%s: %v %+v", base, pages, p)
		}
	}
}

func TestPinFamily_WhatDiscoverLeavesOut(t *testing.T) {
	keys := []redisdb.Key{}
	samples := sampled{}
	for i := range 50 {
		name := fmt.Sprintf("journal:20261127:%08x-aaaa-bbbb-cccc-0123456789ab", i)
		samples[name] = text(`{"event":"x"}`)
		keys = append(keys, redisdb.Key{Name: name, Type: "string"})
	}
	p, err := PinFamily(context.Background(), samples, keys, nil)
	if err != nil || len(p.Data) != 1 {
		t.Errorf("%+v %v", p, err)
	}
}
