package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/decode"
	"ticktop/datasource/format"
	"ticktop/datasource/mask"
	"ticktop/datasource/redisdb"
	"ticktop/ui/browse"
)

// keyReader is a Redis whose keys can be browsed; *redisdb.Client is one.
type keyReader interface {
	ScanPage(ctx context.Context, pattern, cursor string) (redisdb.KeyPage, error)
	KeyCount(ctx context.Context) (int64, bool)
	Facts(ctx context.Context, names []string) ([]redisdb.KeyFacts, error)
	Previews(ctx context.Context, facts []redisdb.KeyFacts) ([]redisdb.KeyPiece, error)
	Piece(ctx context.Context, f redisdb.KeyFacts, at string) (redisdb.KeyPiece, error)
}

// keyBrowser implements browse.Source: it decodes what Redis holds, and masks
// secrets in it.
type keyBrowser struct {
	reader func() keyReader // of the backend in force; nil: there isn't one yet
	config func() *config.Config
	pins   *Pins
}

var _ browse.Source = (*keyBrowser)(nil)

var errNoRedis = errors.New("there is no redis to browse yet")

// mayBrowse reports whether a principal may look at every key there is.
func (p Principal) mayBrowse() bool {
	return !p.Private && (!p.Bound || len(p.Vars) == 0 && len(p.Pages) == 0)
}

// keyBrowser returns what a session may browse with; nil for one that rights limit.
func (a *App) keyBrowser(p Principal, pins *Pins) browse.Source {
	if !p.mayBrowse() || a.backend == nil {
		return nil
	}
	return &keyBrowser{pins: pins, config: a.Config, reader: func() keyReader {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.backend.keyReader()
	}}
}

// Pattern implements browse.Source: text in any case, or a pattern.
func (b *keyBrowser) Pattern(prefix, text string) string {
	if strings.ContainsAny(text, "*?[") {
		return redisdb.GlobEscape(prefix) + text
	}
	if text != "" {
		return redisdb.GlobEscape(prefix) + "*" + anyCase(redisdb.GlobEscape(text)) + "*"
	}
	return redisdb.GlobEscape(prefix) + "*"
}

// anyCase is a pattern that matches text in upper and lower case.
func anyCase(pattern string) string {
	var b strings.Builder
	for _, r := range pattern {
		if upper, lower := unicode.ToUpper(r), unicode.ToLower(r); upper != lower && r < 0x80 {
			b.WriteString("[" + string(upper) + string(lower) + "]")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Scan implements browse.Source.
func (b *keyBrowser) Scan(pattern, cursor string) (browse.Page, error) {
	redis := b.reader()
	if redis == nil {
		return browse.Page{}, errNoRedis
	}
	page, err := redis.ScanPage(context.Background(), pattern, cursor)
	if err != nil {
		return browse.Page{}, err
	}
	out := browse.Page{Keys: page.Names, Cursor: page.Cursor, Looked: page.Looked, Bytes: page.Bytes, Skipped: page.Skipped, Total: -1}
	if n, ok := redis.KeyCount(context.Background()); ok {
		out.Total = n
	}
	return out, nil
}

// Look implements browse.Source.
func (b *keyBrowser) Look(keys []string) ([]browse.Facts, error) {
	redis := b.reader()
	if redis == nil {
		return nil, errNoRedis
	}
	facts, err := redis.Facts(context.Background(), keys)
	if err != nil {
		return nil, err
	}
	pieces, err := redis.Previews(context.Background(), facts)
	if err != nil {
		return nil, err
	}
	out := make([]browse.Facts, len(keys))
	for i := range facts {
		out[i] = factsOf(&facts[i])
		out[i].Preview, out[i].Problem = previewOf(&facts[i], &pieces[i])
	}
	return out, nil
}

func factsOf(f *redisdb.KeyFacts) browse.Facts {
	out := browse.Facts{Type: datasource.Clean(f.Type, 32).String(), Encoding: datasource.Clean(f.Encoding, 32).String(), Gone: f.Type == "none"}
	if out.Gone {
		out.Type = ""
	}
	if f.TTL >= 0 {
		out.Expires = f.At.Add(f.TTL)
	}
	if f.Len >= 0 {
		out.Size = sizeText(f)
	}
	if f.Memory >= 0 {
		out.Memory = format.Bytes(f.Memory)
	}
	return out
}

// nouns are what the size of a key counts.
var nouns = map[datasource.Kind]string{
	datasource.KindHash: "field", datasource.KindList: "item", datasource.KindSet: "member", datasource.KindZSet: "member", datasource.KindStream: "entry",
}

func sizeText(f *redisdb.KeyFacts) string {
	noun, ok := nouns[f.Kind]
	switch {
	case !ok:
		return format.Bytes(f.Len)
	case f.Len == 1:
		return "1 " + noun
	case noun == "entry":
		return format.Count(f.Len) + " entries"
	}
	return format.Count(f.Len) + " " + noun + "s"
}

// maxPreview is the longest preview, in bytes.
const maxPreview = 256

// previewOf is a value in one line.
func previewOf(f *redisdb.KeyFacts, p *redisdb.KeyPiece) (text, problem datasource.Safe) {
	if f.Type == "none" {
		return text, problem
	}
	cut := f.Kind == datasource.KindString && int64(len(p.Raw.Bytes)) < f.Len
	v, _, err := decode.Value(&p.Raw)
	switch {
	case err != nil && (!cut || p.Raw.Err != nil):
		return text, datasource.Clean(datasource.AsFault(err, datasource.SourceRedis).Error(), maxPreview)
	case err != nil:
		return datasource.CleanBytes(mask.Raw(p.Raw.Bytes, f.Name, ""), maxPreview), problem
	case v.Type == datasource.TypeText:
		return datasource.Clean(v.Text.String(), maxPreview), problem
	case v.Type == datasource.TypeNone:
		return text, problem
	}
	return datasource.CleanBytes(decode.JSON(v), maxPreview), problem
}

// Inspect implements browse.Source.
func (b *keyBrowser) Inspect(r browse.Request) (browse.Piece, error) {
	redis := b.reader()
	if redis == nil {
		return browse.Piece{}, errNoRedis
	}
	facts, err := redis.Facts(context.Background(), []string{r.Key})
	if err != nil {
		return browse.Piece{}, err
	}
	f := &facts[0]
	piece, err := redis.Piece(context.Background(), *f, r.At)
	if err != nil {
		return browse.Piece{}, err
	}
	out := browse.Piece{Facts: factsOf(f), Next: piece.Next, Note: piece.Raw.Note, Decoders: decode.Decoders()}
	out.Raw = mask.Raw(payloadOf(&piece.Raw), r.Key, "")
	out.Place = placeOf(f, &piece)
	piece.Raw.Ref.Shape.Decode = r.Decode
	value, _, err := decode.Value(&piece.Raw)
	part := f.Kind == datasource.KindString && int64(len(piece.Raw.Bytes)) < f.Len
	switch {
	case err != nil && part:
		out.Note = datasource.Clean("a piece of a large value is shown as it is", 0)
	case err != nil && f.Type != "none":
		out.Problem = faultLine(err)
	case err == nil:
		out.Value = value
	}
	return out, nil
}

func faultLine(err error) datasource.Safe {
	f := datasource.AsFault(err, datasource.SourceRedis)
	text := f.Error()
	if !f.Hint.Empty() {
		text += " (" + f.Hint.String() + ")"
	}
	return datasource.Clean(text, datasource.MaxCell)
}

// placeOf says which part of a value a piece is; "" for all of it.
func placeOf(f *redisdb.KeyFacts, p *redisdb.KeyPiece) string {
	n := int64(len(p.Raw.Bytes) + len(p.Raw.Items) + len(p.Raw.Members) + len(p.Raw.Fields) + len(p.Raw.Entries))
	if p.Next == "" && p.From <= 0 && (p.From == 0 || n >= f.Len) {
		return ""
	}
	if p.From < 0 {
		return format.Count(n) + " of " + sizeText(f)
	}
	place := format.Count(p.From) + " to " + format.Count(p.From+n) + " of " + sizeText(f)
	if f.Kind == datasource.KindString {
		return "bytes " + place
	}
	return place
}

// payloadOf is what a piece holds as text, one element a line.
func payloadOf(raw *datasource.Raw) []byte {
	if raw.Bytes != nil {
		return raw.Bytes
	}
	var out []byte
	line := func(parts ...string) { out = append(out, strings.Join(parts, "  ")+"\n"...) }
	for _, f := range raw.Fields {
		line(f.Name, string(mask.Raw(f.Value, f.Name, "")))
	}
	for _, it := range raw.Items {
		line(string(it))
	}
	for _, m := range slices.Backward(raw.Members) {
		line(strconv.FormatFloat(m.Score, 'f', -1, 64), string(m.Member))
	}
	for _, e := range raw.Entries {
		parts := []string{e.ID}
		for _, f := range e.Fields {
			parts = append(parts, f.Name, string(mask.Raw(f.Value, f.Name, "")))
		}
		line(parts...)
	}
	return out[:min(len(out), datasource.MaxValueBytes)]
}

// pinTimeout bounds what finding out about pinned keys may take.
const pinTimeout = 10 * time.Second
