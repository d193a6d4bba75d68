package redisdb

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/redisdb/resp"
)

// KeyPiece is a bounded piece of a value.
type KeyPiece struct {
	Raw  datasource.Raw // Raw.Err says why it could not be read
	From int64          // bytes or elements before it; -1 when unknown
	Next string         // where the next piece begins; "" at the end

	asked int // elements
}

// Bounds of a piece. A string within the limit of all values comes whole, so
// that it can be decoded.
const (
	pieceBytes    = 64 << 10
	pieceElements = 200
	pieceReply    = 1 << 20
)

// Piece reads the piece of a value that begins at at: "" for the first one, else
// the Next of the piece before. The error is a *datasource.Fault: Redis could
// not be asked.
func (c *Client) Piece(ctx context.Context, f KeyFacts, at string) (KeyPiece, error) {
	ctx, cancel := context.WithTimeout(ctx, browseBudget)
	defer cancel()
	p := newPiece(&f)
	for elements := elementsAtOnce(&f, pieceElements); p.Raw.Err == nil; elements = max(elements/10, 1) {
		q, from := p.question(&f, at, 0, elements)
		if q == nil {
			break
		}
		if err := c.askKeys(ctx, []*question{q}); err != nil {
			return p, c.fault(err, f.Kind.Info().Read, f.Name)
		}
		if q.err == nil && q.slot.discarded > 0 && elements > 1 {
			continue
		}
		c.take(&p, &f, q, at, from)
		return p, nil
	}
	return p, nil
}

// Bounds of a preview.
const (
	previewBytes    = 4 << 10
	previewElements = 3
	previewReply    = 16 << 10
)

// Previews reads the beginnings of values in one round trip: enough to see what
// they are, whole where they are short. What does not fit is left out.
func (c *Client) Previews(ctx context.Context, facts []KeyFacts) ([]KeyPiece, error) {
	ctx, cancel := context.WithTimeout(ctx, browseBudget)
	defer cancel()
	out := make([]KeyPiece, len(facts))
	asked := make([]*question, len(facts))
	var pending []*question
	for i := range facts {
		f := &facts[i]
		out[i] = newPiece(f)
		if out[i].Raw.Err != nil || f.Kind == datasource.KindJSON && f.Len > previewReply || elementsAtOnce(f, previewElements) < previewElements && f.Kind != datasource.KindString {
			continue
		}
		if asked[i], _ = out[i].question(f, "", previewBytes, previewElements); asked[i] != nil {
			asked[i].limit = previewReply
			pending = append(pending, asked[i])
		}
	}
	if len(pending) == 0 {
		return out, nil
	}
	if err := c.askKeys(ctx, pending); err != nil {
		return nil, c.fault(err, "get", "")
	}
	for i, q := range asked {
		if q != nil && (q.err != nil || q.slot.discarded == 0) {
			c.take(&out[i], &facts[i], q, "", 0)
		}
	}
	return out, nil
}

func newPiece(f *KeyFacts) KeyPiece {
	p := KeyPiece{Raw: datasource.Raw{Ref: &datasource.Ref{Name: "key", Kind: f.Kind, Key: f.Name}, TTL: f.TTL}}
	switch {
	case f.Err != nil:
		p.Raw.Err = f.Err
	case f.Type == "none":
		p.Raw.Missing = true
		p.Raw.Err = newFault(datasource.SourceRedis, datasource.ClassMissing, "gone: expired or deleted", "", nil)
	case f.Kind == 0:
		p.Raw.Err = newFault(datasource.SourceRedis, datasource.ClassConfig, "a key of type "+f.Type+" cannot be read", "", nil)
	}
	return p
}

// question asks for a piece; nil where there is an error.
func (p *KeyPiece) question(f *KeyFacts, at string, n, elements int) (q *question, from int64) {
	args, from := pieceArgs(f, at, n, elements)
	if args == nil {
		p.Raw.Err = newFault(datasource.SourceRedis, datasource.ClassTooBig, "too big ("+format.Bytes(f.Len)+")", "a document is read whole, or by pick: in the configuration", nil)
		return nil, 0
	}
	p.asked = elements
	return &question{args: args, limit: pieceReply}, from
}

// take reads a reply into a piece.
func (c *Client) take(p *KeyPiece, f *KeyFacts, q *question, at string, from int64) {
	p.Raw.At, p.From = time.Now(), from
	switch {
	case q.err != nil:
		p.Raw.Err = c.fault(q.err, f.Kind.Info().Read, f.Name)
	case q.slot.discarded > 0:
		p.Raw.Err = newFault(datasource.SourceRedis, datasource.ClassTooBig, "too big (an element has over "+format.Bytes(pieceReply)+")", "", nil)
		p.Next = after(f, at, 1)
	default:
		if err := p.read(f, resp.NewReader(q.slot.bytes()), at); err != nil {
			p.Raw.Err = c.fault(err, f.Kind.Info().Read, f.Name)
		}
	}
}

// elementsAtOnce is how many elements are asked for: fewer where they are large.
func elementsAtOnce(f *KeyFacts, n int) int {
	if f.Len > 0 && f.Memory > 0 {
		if each := f.Memory / f.Len; each > 0 {
			n = min(n, max(int(pieceReply/2/each), 1))
		}
	}
	return n
}

// pieceArgs is the command that reads a piece; nil for a document that is too
// large and cannot be read by pieces.
func pieceArgs(f *KeyFacts, at string, n, elements int) (args []any, from int64) {
	from, _ = strconv.ParseInt(at, 10, 64)
	last := strconv.FormatInt(from+int64(elements)-1, 10)
	first := strconv.FormatInt(from, 10)
	switch f.Kind {
	case datasource.KindString:
		size := int64(pieceBytes)
		if n > 0 {
			size = int64(n)
		} else if at == "" && f.Len <= datasource.MaxValueBytes {
			size = datasource.MaxValueBytes
		}
		return []any{"getrange", f.Name, first, strconv.FormatInt(from+size-1, 10)}, from
	case datasource.KindHash:
		return []any{"hscan", f.Name, or(at, "0"), "count", strconv.Itoa(elements)}, -1
	case datasource.KindSet:
		return []any{"sscan", f.Name, or(at, "0"), "count", strconv.Itoa(elements)}, -1
	case datasource.KindList:
		return []any{"lrange", f.Name, first, last}, from
	case datasource.KindZSet:
		return []any{"zrange", f.Name, first, last, "rev", "withscores"}, from
	case datasource.KindStream:
		begin := "+"
		if at != "" {
			begin = "(" + at
		}
		return []any{"xrevrange", f.Name, begin, "-", "count", strconv.Itoa(elements)}, -1
	case datasource.KindTimeSeries:
		return []any{"ts.revrange", f.Name, "-", or(at, "+"), "count", strconv.Itoa(elements)}, -1
	case datasource.KindJSON:
		if f.Len > datasource.MaxValueBytes {
			return nil, 0
		}
		return []any{"json.get", f.Name}, 0
	case datasource.KindChannel:
	}
	return nil, 0
}

// after is where the piece behind n elements begins, "" where that is not known.
func after(f *KeyFacts, at string, n int64) string {
	from, _ := strconv.ParseInt(at, 10, 64)
	switch f.Kind {
	case datasource.KindString, datasource.KindList, datasource.KindZSet:
		if from+n < f.Len {
			return strconv.FormatInt(from+n, 10)
		}
	default: // the reply says where it goes on
	}
	return ""
}

// read takes a reply apart and says where the next piece begins.
func (p *KeyPiece) read(f *KeyFacts, r *resp.Reader, at string) (err error) {
	raw := &p.Raw
	switch f.Kind {
	case datasource.KindString, datasource.KindJSON:
		if raw.Bytes, _, err = r.Bytes(); f.Kind == datasource.KindString {
			p.Next = after(f, at, int64(len(raw.Bytes)))
		}
	case datasource.KindHash, datasource.KindSet:
		err = p.readScan(r)
	case datasource.KindList:
		err = readItems(r, raw)
		p.Next = after(f, at, int64(len(raw.Items)))
	case datasource.KindZSet:
		raw.Members, err = readMembers(r)
		p.Next = after(f, at, int64(len(raw.Members)))
		slices.Reverse(raw.Members)
		raw.Since = math.Inf(-1)
	case datasource.KindStream:
		err = p.readStream(r)
	case datasource.KindTimeSeries:
		raw.Members, err = readSamples(r, false)
		if n := len(raw.Members); n > 0 && n >= p.asked {
			p.Next = strconv.FormatInt(int64(raw.Members[n-1].Score)-1, 10)
		}
		slices.Reverse(raw.Members)
		raw.Since = math.Inf(-1)
	case datasource.KindChannel:
	}
	return err
}

// readScan reads HSCAN and SSCAN.
func (p *KeyPiece) readScan(r *resp.Reader) error {
	if n, err := r.Array(); err != nil || n != 2 {
		return orBad(err)
	}
	cursor, _, err := r.Bytes()
	if err != nil {
		return err
	}
	if string(cursor) != "0" {
		p.Next = string(cursor)
	}
	if p.Raw.Ref.Kind == datasource.KindSet {
		return readItems(r, &p.Raw)
	}
	p.Raw.Fields, err = readFields(r)
	if n := len(p.Raw.Fields); n > datasource.MaxFields { // one listpack comes whole
		p.Raw.Fields = p.Raw.Fields[:datasource.MaxFields]
		p.Raw.Note = datasource.Clean(strconv.Itoa(datasource.MaxFields)+" of "+strconv.Itoa(n)+" fields", maxFaultText)
	}
	return err
}

func readFields(r *resp.Reader) ([]datasource.RawField, error) {
	n, err := r.Array()
	if err != nil || n%2 != 0 {
		return nil, orBad(err)
	}
	fields := make([]datasource.RawField, 0, n/2)
	for range n / 2 {
		name, _, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		value, _, err := r.Bytes()
		if err != nil {
			return nil, err
		}
		fields = append(fields, datasource.RawField{Name: string(name), Value: value})
	}
	return fields, nil
}

func (p *KeyPiece) readStream(r *resp.Reader) error {
	n, err := r.Array()
	if err != nil {
		return err
	}
	for range n {
		if two, err := r.Array(); err != nil || two != 2 {
			return orBad(err)
		}
		id, _, err := r.Bytes()
		if err != nil {
			return err
		}
		fields, err := readFields(r)
		if err != nil {
			return err
		}
		p.Raw.Entries = append(p.Raw.Entries, datasource.RawEntry{ID: string(id), Fields: fields})
	}
	if n > 0 && n >= p.asked {
		p.Next = p.Raw.Entries[n-1].ID
	}
	return nil
}
