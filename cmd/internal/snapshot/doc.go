// Package snapshot writes one moment of a dashboard for scripts and pipes: as
// the contract's JSON, as aligned text without escape codes, or as CSV.
package snapshot
