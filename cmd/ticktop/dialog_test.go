package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"ticktop/cmd/internal/discover"
)

func TestDialog_ChoosesAndNames(t *testing.T) {
	found := []discover.Family{{Name: "quote", Key: "string tick:{symbol}", Keys: 4}, {Name: "orders", Key: "hash o"}, {Name: "log", Key: "list \x1b[31mlog"}}
	for _, c := range []struct{ name, in, want string }{
		{"no answer takes all", "", "quote orders log"},
		{"enter takes all", "\n\n\n\n", "quote orders log"},
		{"some of them", "1,3\n\n\n", "quote log"},
		{"a range, and names", "2-3\nworking\nevents\n", "working events"},
		{"mistakes are asked again", "0\n2-1\nx\n3\nBad Name\nevents\n", "events"},
		{"the input ends between names", "1-2\nticks\n", "ticks orders"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			d := dialog{in: bufio.NewScanner(strings.NewReader(c.in)), out: &out}
			var names []string
			for _, f := range d.choose(append([]discover.Family{}, found...)) {
				names = append(names, f.Name)
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("chosen %q, want %q\n%s", got, c.want, out.String())
			}
			if strings.ContainsRune(out.String(), 0x1b) {
				t.Errorf("an escape reaches the terminal: %q", out.String())
			}
		})
	}
}
