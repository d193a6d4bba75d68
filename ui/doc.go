// Package ui is the session model: it routes messages, keeps focus, pages and
// sizes, and puts panels together. It does no I/O and decodes nothing; it sees
// the data through datasource.Feed alone.
package ui
