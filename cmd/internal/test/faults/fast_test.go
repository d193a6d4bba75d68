//go:build !slow

package faults

// slow tells whether rows that take long are run.
const slow = false
