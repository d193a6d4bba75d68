package resp

import (
	"math"
	"strconv"
)

// parseFloat reads a score. Most are whole numbers, epoch times, for which the
// library's parser is not needed.
func parseFloat(b []byte) (float64, error) {
	if n := len(b); n > 0 && n <= 15 {
		var v int64
		for i, c := range b {
			if c < '0' || c > '9' {
				break
			}
			v = v*10 + int64(c-'0')
			if i == n-1 {
				return float64(v), nil
			}
		}
	}
	switch string(b) {
	case "inf", "+inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, ErrBad
	}
	return f, nil
}

func integer(b []byte) (int64, error) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 18 {
		return 0, ErrBad
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, ErrBad
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, nil
}
