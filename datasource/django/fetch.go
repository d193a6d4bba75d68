package django

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ticktop/datasource"
)

// fetch reads one resource with its pages. known is the last answer when its
// ETag may be offered. The error is a *Fault or an error of the HTTP client.
func (c *Client) fetch(ctx context.Context, k key, known *answer) (*answer, error) {
	u, err := c.resolve(k.path)
	if err != nil {
		return nil, newFault(datasource.ClassConfig, err.Error(), "check the fallback's path", err)
	}
	c.fixSlash(u)
	reply, err := c.getOnce(ctx, u, known, maxBody)
	if err != nil {
		return nil, err
	}
	switch {
	case reply.missing:
		return &answer{missing: true, at: reply.at}, nil
	case reply.fresh:
		renewed := *known
		renewed.at = reply.at
		return &renewed, nil
	}
	whole, err := c.pages(ctx, u, reply, k.rows)
	if err != nil {
		return nil, err
	}
	return &answer{body: whole.body, note: whole.note, etag: offerable(reply.etag, reply.body), at: reply.at, single: whole.pages == 1}, nil
}

// offerable returns the ETag if it may be offered next time. That of a body
// which is not JSON may not: one that was cut on its way, by a proxy that does
// not say so, would be confirmed as it is for ever after. Nor may one that is no
// entity tag, which would make the next request a bad one.
func offerable(etag string, body []byte) string {
	tag := strings.TrimPrefix(etag, "W/")
	ok := len(etag) <= maxETag && len(tag) >= 2 && tag[0] == '"' && tag[len(tag)-1] == '"' && json.Valid(body)
	for i := 0; ok && i < len(tag); i++ {
		ok = tag[i] > 0x20 && tag[i] < 0x7f
	}
	if !ok {
		return ""
	}
	return etag
}

// reply is one HTTP answer.
type reply struct {
	body    []byte
	etag    string
	link    string // rel=next of the Link header; "" for none
	at      time.Time
	missing bool // 404
	fresh   bool // 304
}

// getOnce sends one GET and reads at most limit bytes, decompressed.
func (c *Client) getOnce(ctx context.Context, u *url.URL, known *answer, limit int) (*reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, newFault(datasource.ClassConfig, "path cannot be asked for", "check the fallback's path", err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "ticktop")
	if known != nil {
		req.Header.Set("If-None-Match", known.etag)
	}
	c.requests.Add(1)
	start := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	now := time.Now()
	c.rtt.Store(int64(now.Sub(start)))
	r := &reply{at: now, etag: res.Header.Get("ETag"), link: nextLink(res.Header.Values("Link"))}
	switch {
	case res.StatusCode == http.StatusOK:
		c.rememberSlash(u, res.Request.URL)
		r.body, err = c.readBody(ctx, res, limit)
		return r, err
	case res.StatusCode == http.StatusNotModified && known != nil:
		r.fresh = true
		return r, nil
	}
	// A short body is read, so that the connection can be used again. One of
	// unknown length is not: that of a 101 is the bare connection and never ends.
	if res.ContentLength >= 0 && res.ContentLength <= 4<<10 && res.StatusCode != http.StatusSwitchingProtocols {
		_, _ = io.CopyN(io.Discard, res.Body, res.ContentLength)
	}
	if f := c.statusFault(res, now); f != nil {
		return nil, f
	}
	r.missing = true
	return r, nil
}

// readBody checks what the body says it is and reads it whole, or not at all.
func (c *Client) readBody(ctx context.Context, res *http.Response, limit int) ([]byte, error) {
	kind := res.Header.Get("Content-Type")
	if !isJSON(kind) {
		return nil, newFault(datasource.ClassBadReply, describe(kind)+" instead of json (wrong url?)", "check api.url and the path", nil)
	}
	if _, params, _ := mime.ParseMediaType(kind); params["charset"] != "" && !isUTF8(params["charset"]) {
		return nil, newFault(datasource.ClassBadReply, "charset "+params["charset"]+" instead of utf-8", "", nil)
	}
	if coded := res.Header.Get("Content-Encoding"); coded != "" && !strings.EqualFold(coded, "identity") { // gzip is undone, once
		return nil, newFault(datasource.ClassBadReply, "bad reply (encoded as "+datasource.Clean(coded, 40).String()+")", "gzip or nothing, once", nil)
	}
	if res.ContentLength > int64(limit) {
		return nil, tooBig()
	}
	body, err := c.readAll(ctx, res.Body, limit)
	switch {
	case err != nil && isCorrupt(err):
		return nil, newFault(datasource.ClassBadReply, "bad reply (broken compression)", "", err)
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(body)) == 0:
		return nil, newFault(datasource.ClassBadReply, "empty answer", "check the path", nil)
	}
	return body, nil
}

// readAll reads a body of at most limit bytes, and nothing of a body that is longer stays:
// large bodies are read one after the other and into one buffer that is kept,
// because four bombs at a time, and again at the next try, would take many times
// the memory before each is found to be too big.
func (c *Client) readAll(ctx context.Context, r io.Reader, limit int) ([]byte, error) {
	most := limit + 1 // one more than may be
	small := min(largeBody, most)
	head, err := io.ReadAll(io.LimitReader(r, int64(small)))
	switch {
	case err != nil || len(head) < small:
		return head, err
	case small == most:
		return nil, tooBig()
	}
	var buf []byte
	select {
	case buf = <-c.large:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if buf == nil {
		buf = make([]byte, maxBody+1)
	}
	defer func() { c.large <- buf }()
	n := copy(buf, head)
	for n < most && err == nil {
		var more int
		more, err = r.Read(buf[n:most])
		n += more
	}
	switch {
	case n == most:
		return nil, tooBig()
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	if n < maxBody/4 {
		return bytes.Clone(buf[:n]), nil
	}
	body := buf[:n:n]
	buf = nil // it is the body now
	return body, nil
}

func tooBig() *datasource.Fault {
	return newFault(datasource.ClassTooBig, "too big (over 2 MB)", "ask for less: filter or page it", nil)
}

// isCorrupt reports whether the compressed stream was bad.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	var internal flate.InternalError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) || errors.As(err, &internal)
}

// isJSON accepts application/json and the +json family.
func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return false
	}
	return kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json")
}

func isUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "utf-8", "utf8", "us-ascii":
		return true
	}
	return false
}

// describe names a content type in a word.
func describe(contentType string) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case strings.Contains(kind, "html"):
		return "html"
	case kind == "":
		return "something unnamed"
	case strings.HasPrefix(kind, "text/"):
		return "text"
	}
	return datasource.Clean(kind, 40).String()
}
