// Package datasource is the vocabulary that every package of ticktop shares: what
// a datum is called and where it lives (Ref), what a source delivered (Raw),
// what it means (Value), what is known of it now (Entry), and what a viewer
// sees at one moment (Snapshot).
//
// It imports the standard library only and does no I/O. Everything published
// through it is immutable: who receives an Entry, a Value or a Snapshot may
// keep it for ever and must not write to it.
package datasource
