// Package faults is the acceptance test of resilience: every row of the fault
// table in docs/reliability.md on real servers, judged by what is on the
// screen. It holds no code of the program.
//
// A rig is a whole ticktop (app, engine, session) on a real Redis and a real
// Django, without a terminal: its screen is driven message by message and every
// picture is looked at. On every one of them each value that was once known
// must still be there. A row breaks something, waits for the words the table
// promises, presses keys meanwhile, fixes it, and waits for the newest values.
//
//	go test ./cmd/internal/test/faults/              the rows that take seconds
//	go test -tags slow ./cmd/internal/test/faults/   all of them
//	make reliability                            all, and the table with the times measured
//
// Limits are the table's. With TICKTOP_FAULTS_STRICT=1, as in make reliability, a
// row that takes longer than its limit fails, and so does a key over 50 ms;
// without it the tests are patient, because machines that run tests are busy.
// TICKTOP_FAULTS_REPORT=FILE writes what was measured beside the limits.
package faults
