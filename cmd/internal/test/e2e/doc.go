// Package e2e holds the acceptance tests: they build ticktop once and use it as
// a trader does, from outside, through a pseudo terminal, with typed keys and
// real servers. It has only tests.
//
// Every byte that ticktop writes goes through a terminal of ours that knows the
// few sequences ticktop may send and takes any other as a failure of the test:
// the list of what is allowed is the emulator itself (see screen_test.go).
//
// Nothing here waits for a time to pass: tests wait for what must appear, up to
// a limit that a busy machine does not reach. What takes longer than a minute
// has the build tag slow.
package e2e
