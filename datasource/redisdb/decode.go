package redisdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/redisdb/resp"
)

// decoder turns the replies of one pass into Raws.
type decoder struct {
	c    *Client
	name func([]byte) string // interned
	at   time.Time
	slab []byte // for copies of small replies

	pairs []datasource.RawField // for the fields of small hashes

	refusal func(*item) error // nil, or the server's error that data of this kind may not be read

	wrongTypes []*datasource.Raw // of another type than expected; explain says which
	slotMoved  bool              // a node sent us elsewhere: the map of slots is old
}

// Small replies are copied into slabs, to save an allocation each. What is kept
// of one pins no more than slabSize.
const (
	slabSize  = 4 << 10
	slabShare = slabSize / 8

	pairsSlab  = 64 // fields
	pairsShare = pairsSlab / 4
)

// allocFields returns an empty list of capacity n.
func (d *decoder) allocFields(n int) []datasource.RawField {
	if n > pairsShare {
		return make([]datasource.RawField, 0, n)
	}
	if cap(d.pairs)-len(d.pairs) < n {
		d.pairs = make([]datasource.RawField, 0, pairsSlab)
	}
	at := len(d.pairs)
	d.pairs = d.pairs[:at+n]
	return d.pairs[at : at : at+n]
}

// cloneReply copies a reply out of the buffer, which the next poll uses again.
func (d *decoder) cloneReply(b []byte) []byte {
	if len(b) > slabShare {
		return slices.Clone(b)
	}
	if cap(d.slab)-len(d.slab) < len(b) {
		d.slab = make([]byte, 0, slabSize)
	}
	at := len(d.slab)
	d.slab = append(d.slab, b...)
	return d.slab[at:len(d.slab):len(d.slab)]
}

// decodeItem settles one datum; again says that it has to be asked in another way,
// which has been noted in it.
func (d *decoder) decodeItem(it *item, raw *datasource.Raw) (again bool) {
	if it.mode == modeSkip {
		raw.Err, raw.Missing = it.err, it.err == nil
		return false
	}
	raw.Err = nil
	if !it.value.begun || !it.ttl.begun && !it.untimed {
		raw.Err = d.c.fault(errNode, "", "")
		return false
	}
	ttl, denied, err := d.timeToLive(it)
	switch {
	case err != nil && !denied:
		return d.handleError(it, raw, err)
	case err == nil && ttl == -2:
		raw.Missing = true
		d.c.memory.forgetOversized(it.req.Ref)
		return false
	case err == nil && ttl >= 0:
		raw.TTL = time.Duration(ttl) * time.Millisecond
	}
	if refused := d.refusal(it); refused != nil {
		raw.Err = d.c.fault(refused, commandName(it.req.Ref.Kind), it.req.Ref.Key)
		return false
	}
	if it.mode == modeMeasure {
		err = d.handleSize(it)
	} else if err = d.decodeValue(it, raw); err == nil && denied {
		raw.Missing = isEmpty(raw) // PTTL could not say whether the key is there
	}
	if it.worked = err == nil; err != nil {
		return d.handleError(it, raw, err)
	}
	return false
}

// timeToLive reads the reply of PTTL. denied says that the server does not tell:
// a value without a countdown is better than none.
func (d *decoder) timeToLive(it *item) (ttl int64, denied bool, err error) {
	if it.untimed {
		return 0, true, errNoTTL
	}
	ttl, err = resp.NewReader(it.ttl.bytes()).Int()
	if isUnknown(err) {
		d.c.memory.setLacking("pttl", d.at)
		return 0, true, err
	}
	return ttl, isReply(err, "NOPERM"), err
}

var errNoTTL = errors.New("pttl is not known")

// errNode is for a slot without a reply: its node of the cluster failed.
var errNode = fmt.Errorf("cluster node failed: %w", io.ErrUnexpectedEOF)

// retry is an error that says: ask again, like this.
type retry mode

func (retry) Error() string { return "ask again" }

func (d *decoder) decodeValue(it *item, raw *datasource.Raw) error {
	if it.value.discarded > 0 {
		return d.tooLong(it)
	}
	r := resp.NewReader(d.cloneReply(it.value.bytes()))
	return readerOf(it.req.Ref.Kind).parse(d, r, it, raw)
}

func isEmpty(raw *datasource.Raw) bool {
	return len(raw.Bytes)+len(raw.Fields)+len(raw.Members)+len(raw.Items)+len(raw.Entries) == 0 &&
		(!raw.Ref.Kind.IsSeries() || math.IsInf(raw.Since, -1))
}

// handleError turns an error about one datum into its fault, or has it asked in
// another way.
func (d *decoder) handleError(it *item, raw *datasource.Raw, err error) (again bool) {
	ref := it.req.Ref
	var other retry
	switch {
	case errors.As(err, &other):
		it.was, it.mode = it.mode, mode(other)
		raw.Err = tooBig("changes while it is read") // unless a later pass says better
		return true
	case isReply(err, "WRONGTYPE"), isReply(err, "Existing key has wrong"), isReply(err, "ERR Existing key has wrong"):
		d.c.memory.forgetOversized(ref)
		d.wrongTypes = append(d.wrongTypes, raw)
		return false
	case isReply(err, "NOPERM") && it.mode == modeRead && hasPlain(ref.Kind) && forCommand(err):
		raw.Err = d.c.fault(err, commandName(ref.Kind), ref.Key)
		it.mode = modePlain
		return true
	case isUnknown(err) && it.mode == modeRead && hasPlain(ref.Kind):
		d.c.memory.setLacking(ref.Kind.Info().Bounded, d.at)
		raw.Err = d.c.fault(err, commandName(ref.Kind), ref.Key)
		it.mode = modePlain
		return true
	case isUnknown(err) && ref.Kind.Info().Module != "":
		raw.Err = noModule(ref.Kind, err)
		return false
	case isReply(err, "ASK ") && d.c.cluster != nil:
		it.askAt = askedNode(err)
		raw.Err = newFault(datasource.SourceRedis, datasource.ClassCluster, "slot is moving", "wait", err)
		return true
	case isMoved(err) && d.c.cluster != nil:
		d.slotMoved = true
		raw.Err = newFault(datasource.SourceRedis, datasource.ClassCluster, "slot is moving", "wait", err)
		return true
	}
	raw.Err = d.c.fault(err, commandName(ref.Kind), ref.Key)
	return false
}

// hasPlain reports whether a kind has a plain, unbounded command beside the
// bounded one.
func hasPlain(k datasource.Kind) bool { return readerOf(k).plain != nil }

// isUnknown reports whether the server, or a proxy before it, does not know a
// command.
func isUnknown(err error) bool {
	var e resp.Error
	if err == nil || !errors.As(err, &e) || !strings.HasPrefix(string(e), "ERR ") {
		return false
	}
	line := strings.ToLower(string(e))
	return strings.Contains(line, "unknown command") || strings.Contains(line, "unsupported") || strings.Contains(line, "not supported") ||
		strings.Contains(line, "invalid command") || strings.Contains(line, "disabled")
}

// tooLong is for a reply that was longer than maxReply. A string is measured at
// every poll; the others hold something huge inside, which cannot be asked for
// cheaply, and are looked at again after a while.
func (d *decoder) tooLong(it *item) error {
	ref := it.req.Ref
	switch {
	case ref.Kind == datasource.KindString && it.was != modeMeasure:
		return retry(modeMeasure)
	case it.mode == modeNewer:
		return retry(modeRead)
	}
	f := tooBig(format.Bytes(int64(len(it.value.bytes())) + it.value.discarded))
	d.c.memory.setOversized(ref.ID(), oversized{until: d.at.Add(oversizedPause), fault: f})
	return f
}

// oversizedPause is how long a datum with something huge inside is not read.
const oversizedPause = 10 * time.Second

func isReply(err error, prefix string) bool {
	if err == nil { // nearly always, and As allocates
		return false
	}
	var e resp.Error
	return errors.As(err, &e) && strings.HasPrefix(string(e), prefix)
}

// explainWrongTypes asks what the keys of another type really hold, all in one pipeline.
// They are rare, so they may cost a round trip.
func (c *Client) explainWrongTypes(ctx context.Context, wrong []*datasource.Raw) {
	if len(wrong) == 0 {
		return
	}
	pipe := c.rdb.Pipeline()
	types := make([]*redis.StatusCmd, len(wrong))
	for i, raw := range wrong {
		types[i] = pipe.Type(ctx, raw.Ref.Key)
	}
	_ = c.guard(func() error { _, err := pipe.Exec(ctx); return err }) // without it the text only says less
	for i, raw := range wrong {
		text := "wrong type: expected " + raw.Ref.Kind.String()
		if is := types[i].Val(); types[i].Err() == nil && is != "none" {
			text += ", is " + is
		}
		raw.Err = newFault(datasource.SourceRedis, datasource.ClassWrongType, text, "fix the kind in the configuration, or the producer", nil)
	}
}

func tooBig(size string) *datasource.Fault {
	return newFault(datasource.SourceRedis, datasource.ClassTooBig, "too big ("+size+")", "", nil)
}

// handleSize looks at the size of what was too big; when it fits again it is
// read in the next pass.
func (d *decoder) handleSize(it *item) error {
	n, err := resp.NewReader(it.value.bytes()).Int()
	ref := it.req.Ref
	if isReply(err, "NOPERM") {
		return tooBig("no permission to measure it")
	}
	if err != nil {
		d.c.memory.forgetOversized(ref)
		return err
	}
	if f := oversizeFault(ref, n); f != nil {
		d.c.memory.setOversized(ref.ID(), oversized{fault: f})
		return f
	}
	d.c.memory.forgetOversized(ref)
	if it.was == modeRead && hasPlain(ref.Kind) && ref.Kind != datasource.KindString {
		return retry(modePlain) // few fields in a table of high capacity
	}
	return retry(modeRead)
}

// oversizeFault returns the fault of a datum of this size, nil when it fits.
func oversizeFault(ref *datasource.Ref, n int64) *datasource.Fault {
	info := ref.Kind.Info()
	switch {
	case info.MaxCount == 0:
		if n > datasource.MaxValueBytes {
			return tooBig(format.Bytes(n))
		}
	case n <= int64(info.MaxCount):
	case ref.Kind.IsSeries() && ref.Keep <= 0:
		f := tooBig(format.Counted(n, "member"))
		f.Hint = datasource.Clean("set keep: or a shorter window:", maxFaultText)
		return f
	case info.Payload == datasource.PayloadFields:
		return tooBig(format.Counted(n, "field"))
	case ref.Kind == datasource.KindSet:
		return tooBig(format.Counted(n, "member"))
	}
	return nil
}
