package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"ticktop/ui/layout"
)

// Duration is a span as people write it: whole seconds ("60") or a Go duration
// ("1m30s").
type Duration time.Duration

func (d *Duration) decodeText(s string) error {
	v, err := parseDuration(s)
	*d = Duration(v)
	return err
}

// Std returns the span as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

func parseDuration(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(s, 10, 32); err == nil {
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration; use whole seconds (60) or a span like 90s, 5m, 4h", s)
	}
	return d, nil
}

// Size is layout.Size as people write it: "40%", "1/3", or cells.
type Size layout.Size

func (z *Size) decodeText(s string) error {
	bad := fmt.Errorf(`%q is not a size; use "40%%", "1/3" or a number of cells`, s)
	if pct, ok := strings.CutSuffix(s, "%"); ok {
		n, err := strconv.Atoi(pct)
		if err != nil || n < 1 || n > 100 {
			return bad
		}
		*z = Size{Num: n, Den: 100}
		return nil
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		num, err1 := strconv.Atoi(a)
		den, err2 := strconv.Atoi(b)
		if err1 != nil || err2 != nil || num < 1 || den < num || den > 1000 {
			return bad
		}
		*z = Size{Num: num, Den: den}
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		return bad
	}
	*z = Size{Cells: n}
	return nil
}

// Item is one entry of an Ordered mapping.
type Item[T any] struct {
	Key   string
	Value T
}

// Ordered is a mapping that keeps the order of the file.
type Ordered[T any] []Item[T]

func (o *Ordered[T]) decodeNode(d *decoder, path string, n ast.Node) {
	if n.Type() == ast.NullType {
		return
	}
	pairs, _ := d.mappingPairs(n)
	*o = make(Ordered[T], 0, len(pairs))
	for _, p := range pairs {
		*o = append(*o, Item[T]{Key: p.key})
		at := joinPath(path, p.key)
		d.decode(at, p.value, valueOf(&(*o)[len(*o)-1].Value))
		d.pos[at] = p.keyAt
	}
}

// Get returns the entry of that key.
func (o Ordered[T]) Get(key string) (T, bool) {
	for _, it := range o {
		if it.Key == key {
			return it.Value, true
		}
	}
	var zero T
	return zero, false
}

// Keys returns the keys in order.
func (o Ordered[T]) Keys() []string {
	out := make([]string, len(o))
	for i, it := range o {
		out[i] = it.Key
	}
	return out
}
