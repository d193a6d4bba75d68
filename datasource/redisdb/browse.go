package redisdb

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// KeyPage is one page of a walk over the keys.
type KeyPage struct {
	Names   []string // the server's bytes; a name may come twice
	Cursor  string   // of the next page; "" at the end
	Looked  int      // about how many keys were looked at for it
	Bytes   int64    // that travelled
	Skipped int      // names that are too long to be held
}

// Bounds of one page. A page is a few SCANs of browseCount keys each, so that no
// single command holds the server up for more than a fraction of a millisecond.
const (
	browseCount  = 500
	browseKeys   = 5000
	browseBytes  = 1 << 20
	browseTime   = 250 * time.Millisecond
	browseBudget = 3 * time.Second // for one page or one look in all
	maxKeyName   = 64 << 10
)

// ScanPage returns the next page of the keys that a pattern matches, on all
// masters of a cluster one after the other. It never uses KEYS. The error is a
// *datasource.Fault.
func (c *Client) ScanPage(ctx context.Context, pattern, cursor string) (KeyPage, error) {
	ctx, cancel := context.WithTimeout(ctx, browseBudget)
	defer cancel()
	var page KeyPage
	err := c.guard(func() error {
		nodes, err := c.scannedNodes(ctx)
		if err != nil {
			return err
		}
		page, err = scanPageOf(ctx, nodes, or(pattern, "*"), cursor)
		return err
	})
	if err != nil {
		return page, c.fault(err, "scan", pattern)
	}
	return page, nil
}

// scannedNode is a master, by its address.
type scannedNode struct {
	addr string
	rdb  redis.UniversalClient
}

// scannedNodes are the masters in the order of their addresses.
func (c *Client) scannedNodes(ctx context.Context) ([]scannedNode, error) {
	if c.cluster == nil {
		return []scannedNode{{"", c.rdb}}, nil
	}
	found := make(chan scannedNode, 1024)
	err := c.cluster.ForEachMaster(ctx, func(_ context.Context, n *redis.Client) error {
		select {
		case found <- scannedNode{n.Options().Addr, n}:
		default:
		}
		return nil
	})
	close(found)
	var out []scannedNode
	for n := range found {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b scannedNode) int { return strings.Compare(a.addr, b.addr) })
	return out, err
}

// scanPageOf goes on at a cursor, which is the address of a node and its own
// cursor. A node that is gone is passed over.
func scanPageOf(ctx context.Context, nodes []scannedNode, pattern, cursor string) (page KeyPage, err error) {
	addr, own, _ := strings.Cut(cursor, " ")
	i := 0
	for i < len(nodes) && nodes[i].addr < addr {
		i++
	}
	if i == len(nodes) {
		return page, nil
	}
	if nodes[i].addr != addr || own == "" {
		own = "0"
	}
	end := time.Now().Add(browseTime)
	count := browseCount
	for page.Looked < browseKeys && page.Bytes < browseBytes && time.Now().Before(end) {
		next, err := page.scan(ctx, nodes[i].rdb, own, pattern, &count)
		if err != nil {
			return page, err
		}
		if own = next; own == "0" {
			if i++; i == len(nodes) {
				return page, nil
			}
		}
	}
	page.Cursor = nodes[i].addr + " " + own
	return page, nil
}

// scan asks once and takes what was found.
func (p *KeyPage) scan(ctx context.Context, rdb redis.UniversalClient, cursor, pattern string, count *int) (next string, err error) {
	got, err := scanOnce(ctx, rdb, cursor, pattern, 0, count)
	if err != nil {
		return "", err
	}
	p.Looked += *count
	p.Bytes += got.bytes
	p.Skipped += got.skipped
	p.Names = append(p.Names, got.names...)
	return got.next, nil
}

// KeyCount returns how many keys there are on all masters; ok is false when the
// user may not ask.
func (c *Client) KeyCount(ctx context.Context) (n int64, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, browseBudget)
	defer cancel()
	err := c.guard(func() error {
		nodes, err := c.scannedNodes(ctx)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			size, err := node.rdb.DBSize(ctx).Result()
			if err != nil {
				return err
			}
			n += size
		}
		return nil
	})
	return n, err == nil
}

// GlobEscape writes text so that a pattern of SCAN means it literally.
func GlobEscape(s string) string {
	if !strings.ContainsAny(s, `*?[]\^-`) {
		return s
	}
	return globEscaper.Replace(s)
}

var globEscaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

// question is one command of a look into keys, whose reply is kept as far as it
// fits.
type question struct {
	args  []any
	key   int // which argument is the key
	slot  slot
	err   error
	limit int
}

// reply returns what the server answered.
func (q *question) reply() (*resp.Reader, error) {
	if q.err != nil {
		return nil, q.err
	}
	return resp.NewReader(q.slot.bytes()), nil
}

// number reads an integer; -1 for what could not be asked.
func (q *question) number() int64 {
	if r, err := q.reply(); err == nil {
		if n, err := r.Int(); err == nil {
			return n
		}
	}
	return -1
}

// word reads a short text; "" for what could not be asked.
func (q *question) word() string {
	if r, err := q.reply(); err == nil {
		if b, _, err := r.Bytes(); err == nil {
			return string(b)
		}
	}
	return ""
}

// askKeys asks everything in one pipeline. The error says that Redis as a whole
// could not be asked. Keys whose slots have moved are asked for once more.
func (c *Client) askKeys(ctx context.Context, questions []*question) error {
	for try := 0; ; try++ {
		moved, err := c.askKeysOnce(ctx, questions)
		if err != nil || len(moved) == 0 || try > 0 {
			return err
		}
		c.cluster.ReloadState(ctx)
		questions = moved
	}
}

func (c *Client) askKeysOnce(ctx context.Context, questions []*question) (moved []*question, err error) {
	cmds := make([]redis.Cmder, len(questions))
	for i, q := range questions {
		q.slot.limit = or(q.limit, maxReply)
		q.slot.reset(&buffer{})
		cmd := redis.NewRawWriteToCmd(ctx, &q.slot, q.args...)
		cmd.SetFirstKeyPos(int8(or(q.key, 1)))
		cmds[i] = cmd
	}
	if err := c.runPipeline(ctx, cmds); err != nil {
		return nil, err
	}
	for i, q := range questions {
		if q.err = cmds[i].Err(); q.err != nil {
			continue
		}
		_, err := resp.NewReader(q.slot.bytes()).Next()
		var refused resp.Error
		if errors.As(err, &refused) {
			q.err = refused
			if isMoved(refused) && c.cluster != nil {
				moved = append(moved, q)
			}
		}
	}
	return moved, nil
}

// kindOfType is the kind that reads keys of a type; 0 for one that is not known.
func kindOfType(name string) datasource.Kind {
	for _, k := range datasource.Kinds() {
		if t := k.Info().RedisType; t != "" && t == name {
			return k
		}
	}
	return 0
}
