package servertest

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// Measured notes how long a row of the fault table took whose test is not among
// the faults: in the file that TICKTOP_MEASURED names, a line each, which
// `make reliability` puts into the table of docs/reliability.md. With
// TICKTOP_FAULTS_STRICT a row that took longer than its limit fails the test.
func Measured(tb testing.TB, row string, limit, took time.Duration, more string) {
	tb.Helper()
	tb.Logf("%s: %v of %v", row, took.Round(time.Millisecond), limit)
	if took > limit && os.Getenv("TICKTOP_FAULTS_STRICT") != "" {
		tb.Errorf("%s took %v, the limit is %v", row, took, limit)
	}
	name := os.Getenv("TICKTOP_MEASURED")
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s\t%d\t%d\t%s\n", row, limit, took, more); err != nil {
		tb.Fatal(err)
	}
}
