// Package browse is the tree of the keys of a Redis, read-only: what a session
// that no rights limit sees behind B.
//
// The keys are walked page by page through a Source, at a bounded rate and up to
// a bounded number; what is held of them is a Tree of bounded size. Facts and
// previews are read of the rows on the screen only. Nothing here does I/O:
// Browser.Step returns the work, which a command does.
package browse

import (
	"time"

	"ticktop/datasource"
)

// Source reads the keys of the Redis that is shown and never writes to it. Its
// methods may block for a few seconds and are called from commands.
type Source interface {
	// Scan returns the page of the keys matching pattern that begins at cursor:
	// "" for the first.
	Scan(pattern, cursor string) (Page, error)
	// Look returns what is known of keys, in their order.
	Look(keys []string) ([]Facts, error)
	// Inspect reads a bounded piece of a key's value.
	Inspect(r Request) (Piece, error)
	// Pin puts a key, or the keys that begin with a prefix, on a page of the
	// dashboard, or takes them away again, and says which.
	Pin(prefix string, family bool) (Pinned, error)
	// Pins lists what is pinned: a key, or a prefix followed by "*".
	Pins() []string
	// Pattern writes the pattern of SCAN for keys that begin with prefix, or that
	// hold a text.
	Pattern(prefix, text string) string
}

// Page is one page of keys.
type Page struct {
	Keys    []string // the server's bytes
	Cursor  string   // of the next page; "" at the end
	Looked  int      // keys looked at for it
	Bytes   int64    // that travelled
	Skipped int      // keys whose names are too long
	Total   int64    // keys that there are; -1 when unknown
}

// Facts is what is known of one key.
type Facts struct {
	Type, Encoding string    // the server's words, sanitized
	Expires        time.Time // zero: it does not
	Gone           bool      // it has expired or was deleted
	Size           string    // "3 fields", "12 kB"
	Memory         string    // "1.2 MB"; "" when unknown
	Preview        datasource.Safe
	Problem        datasource.Safe // why it could not be read
}

// Request names a piece of a key's value: At is "" for the first, else the Next
// of the piece before. Decode is one of Piece.Decoders, "" to find it out.
type Request struct {
	Key, At, Decode string
}

// Piece is a bounded piece of a value.
type Piece struct {
	Facts
	Value    datasource.Value
	Raw      []byte // unsafe; bounded
	Place    string // "bytes 65,536 to 131,072"; "" for all of it
	Next     string // where the next piece begins; "" at the end
	Note     datasource.Safe
	Decoders []string
}

// Pinned is what Pin did.
type Pinned struct {
	Name datasource.Safe // what is pinned, or no longer
	On   bool
}
