package redisdb

import (
	"context"
	"time"

	"ticktop/datasource"
)

// KeyFacts is what is known of a key without reading its value.
type KeyFacts struct {
	Name     string
	Type     string          // as TYPE says; "none" for a key that is gone, "" for one that may not be looked at
	Kind     datasource.Kind // 0 for a type that cannot be read
	TTL      time.Duration   // datasource.NoTTL when it does not expire
	Encoding string          // as OBJECT ENCODING says; "" when unknown
	Len      int64           // bytes of a string, else fields, members or entries; -1 when unknown
	Memory   int64           // as MEMORY USAGE says; -1 when unknown
	At       time.Time
	Err      error // a *datasource.Fault: this key could not be looked at
}

// memorySamples is how many elements MEMORY USAGE looks at.
const memorySamples = "5"

// Facts looks at keys, in their order, in two round trips. The error is a
// *datasource.Fault: Redis could not be asked.
func (c *Client) Facts(ctx context.Context, names []string) ([]KeyFacts, error) {
	ctx, cancel := context.WithTimeout(ctx, browseBudget)
	defer cancel()
	out := make([]KeyFacts, len(names))
	asked := make([]*question, 0, 2*len(names))
	for _, name := range names {
		asked = append(asked, &question{args: []any{"type", name}}, &question{args: []any{"pttl", name}})
	}
	if err := c.askKeys(ctx, asked); err != nil {
		return nil, c.fault(err, "type", "")
	}
	now := time.Now()
	for i, name := range names {
		kind, ttl := asked[2*i], asked[2*i+1].number()
		f := KeyFacts{Name: name, Type: kind.word(), TTL: datasource.NoTTL, Len: -1, Memory: -1, At: now}
		if kind.err != nil {
			f.Err = c.fault(kind.err, "type", name)
		}
		if ttl >= 0 {
			f.TTL = time.Duration(ttl) * time.Millisecond
		}
		f.Kind = kindOfType(f.Type)
		out[i] = f
	}
	if err := c.measure(ctx, out); err != nil {
		return nil, c.fault(err, "object", "")
	}
	return out, nil
}

// measure asks for sizes and encodings. What a user may not ask stays unknown.
func (c *Client) measure(ctx context.Context, facts []KeyFacts) error {
	var asked []*question
	take := make([]func(), 0, 3*len(facts))
	ask := func(key int, use func(*question), args ...any) {
		q := &question{args: args, key: key}
		asked = append(asked, q)
		take = append(take, func() { use(q) })
	}
	for i := range facts {
		f := &facts[i]
		if f.Kind == 0 {
			continue
		}
		info := f.Kind.Info()
		if info.Module != "" { // their own commands measure, and MEMORY USAGE may walk through all of it
			if f.Kind == datasource.KindJSON {
				ask(2, func(q *question) { f.Len = q.number() }, "json.debug", "memory", f.Name)
			}
			continue
		}
		ask(1, func(q *question) { f.Len = q.number() }, info.Measure, f.Name)
		ask(2, func(q *question) { f.Encoding = q.word() }, "object", "encoding", f.Name)
		ask(2, func(q *question) { f.Memory = q.number() }, "memory", "usage", f.Name, "samples", memorySamples)
	}
	if len(asked) == 0 {
		return nil
	}
	if err := c.askKeys(ctx, asked); err != nil {
		return err
	}
	for _, f := range take {
		f()
	}
	return nil
}
