// Package servertest gives tests the real servers that ticktop talks to: a
// redis-server, a sentinel set, a cluster, a Django REST application, and a TCP
// proxy that misbehaves on demand. It is for tests only.
//
// Everything listens on a free loopback port, keeps its files in the test's
// temporary folder and is ended by tb.Cleanup. Readiness is found by dialing,
// never by sleeping. When a server's binary is missing the test is skipped, or
// fails where TICKTOP_REQUIRE_SERVERS=1 is set.
package servertest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"
)

// startTimeout bounds every wait for a server; it is generous because the
// machines that run tests are busy.
const startTimeout = time.Minute

// Program returns the path of a program, or skips the test as Skip does. The
// quick lane (go test -short) starts no servers.
func Program(tb testing.TB, name string) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("starts " + name + ": not with -short")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		Skip(tb, "%s is not installed", name)
	}
	return path
}

// Skip ends a test that lacks something of the machine: as skipped, or as
// failed where servers are required.
func Skip(tb testing.TB, format string, args ...any) {
	tb.Helper()
	if os.Getenv("TICKTOP_REQUIRE_SERVERS") == "1" {
		tb.Fatalf(format, args...)
	}
	tb.Skipf(format, args...)
}

// Until calls f until it returns true, and fails the test with what after the
// time-out. It is the tests' only way to wait.
func Until(tb testing.TB, timeout time.Duration, what string, f func() bool) {
	tb.Helper()
	deadline := time.Now().Add(timeout)
	for !f() {
		if time.Now().After(deadline) {
			tb.Fatalf("not within %v: %s", timeout, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// freePort finds a free loopback port below the range that the system hands
// out by itself, so that no other process takes it while its server is down.
func freePort(tb testing.TB) int {
	tb.Helper()
	for range 200 {
		port := 10000 + rand.IntN(22000)
		l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
	tb.Fatal("no free loopback port")
	return 0
}
