package django

import (
	"net/http"
	"strings"
	"testing"

	"ticktop/datasource"
)

// trap is a transport that panics, as a decoder might over an answer.
type trap struct{}

func (trap) RoundTrip(*http.Request) (*http.Response, error) { panic("boom") }

// TestAPanicIsAFault: requests run on goroutines of their own, where a panic
// would be the end of every session.
func TestAPanicIsAFault(t *testing.T) {
	c, err := New(Options{BaseURL: "http://127.0.0.1:1/"})
	if err != nil {
		t.Fatal(err)
	}
	c.http.Transport = trap{}
	var reqs []datasource.Request
	for _, path := range []string{"/a/", "/b/"} {
		reqs = append(reqs, datasource.Request{Ref: &datasource.Ref{Name: "x", Fallback: datasource.Endpoint{Path: path}}})
	}
	for range 2 { // the slots are given back
		raws, err := c.Read(t.Context(), reqs)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range raws {
			if raw.Err == nil || !strings.Contains(raw.Err.Error(), "internal error") {
				t.Errorf("%v", raw.Err)
			}
		}
	}
	if n := len(c.slots); n != 0 {
		t.Errorf("%d slots are taken", n)
	}
}
