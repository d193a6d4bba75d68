package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"ticktop/cmd/internal/discover"
	"ticktop/datasource"
)

// dialog lets a person choose and name what discover found. It speaks on
// standard error: the configuration goes to standard output.
type dialog struct {
	in  *bufio.Scanner
	out io.Writer
}

// ask prints a question and reads a line; ok is false at the end of the input.
func (d *dialog) ask(question string) (answer string, ok bool) {
	fmt.Fprint(d.out, question)
	if !d.in.Scan() {
		fmt.Fprintln(d.out)
		return "", false
	}
	return strings.TrimSpace(d.in.Text()), true
}

// choose implements discover.Options.Choose. Without an answer everything is
// taken as it was found.
func (d *dialog) choose(found []discover.Family) []discover.Family {
	for i, f := range found {
		count := ""
		if f.Keys > 1 {
			count = fmt.Sprintf(", %d keys", f.Keys)
		}
		fmt.Fprintf(d.out, "%3d  %-28s  %-16s  %s%s\n", i+1, datasource.Clean(f.Name, 40), f.About, datasource.Clean(f.Key, 80), count)
	}
	chosen, ok := d.chooseSome(found)
	for i := 0; ok && i < len(chosen); i++ {
		ok = d.rename(&chosen[i])
	}
	return chosen
}

// chooseSome asks which families are taken; ok is false at the end of the input.
func (d *dialog) chooseSome(found []discover.Family) (chosen []discover.Family, ok bool) {
	for {
		answer, ok := d.ask("take which? enter all, or numbers such as 1-4,7: ")
		if !ok {
			return found, false
		}
		places, err := parsePlaces(answer, len(found))
		if err != nil {
			fmt.Fprintln(d.out, err)
			continue
		}
		if places == nil {
			return found, true
		}
		for _, at := range places {
			chosen = append(chosen, found[at])
		}
		return chosen, true
	}
}

// rename asks for the name of a family; ok is false at the end of the input.
func (d *dialog) rename(f *discover.Family) (ok bool) {
	for {
		answer, ok := d.ask(fmt.Sprintf("name of %s (enter %s): ", datasource.Clean(f.Key, 80), datasource.Clean(f.Name, 40)))
		switch {
		case !ok:
			return false
		case answer == "":
			return true
		case discover.IsName(answer):
			f.Name = answer
			return true
		}
		fmt.Fprintln(d.out, "a name has small letters, digits and _, and begins with a letter")
	}
}

// parsePlaces reads "1-4,7" as indices; nil means all.
func parsePlaces(s string, n int) ([]int, error) {
	if s == "" || s == "all" {
		return nil, nil
	}
	taken := make([]bool, n)
	for part := range strings.SplitSeq(s, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		a, err1 := strconv.Atoi(strings.TrimSpace(from))
		b, err2 := strconv.Atoi(strings.TrimSpace(to))
		if err1 != nil || err2 != nil || a < 1 || b > n || a > b {
			return nil, fmt.Errorf("%q: numbers from 1 to %d, such as 1-4,7", datasource.Clean(part, 40), n)
		}
		for i := a; i <= b; i++ {
			taken[i-1] = true
		}
	}
	out := []int{}
	for i, t := range taken {
		if t {
			out = append(out, i)
		}
	}
	return out, nil
}
