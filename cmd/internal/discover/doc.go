// Package discover looks at a Redis that nobody has described and writes a
// configuration for it.
//
// Survey asks Redis (read-only: SCAN, TYPE, PTTL, bounded samples, channels).
// Keys are cut into pieces (keys.go), grouped into families (family.go,
// merge.go) and classified by what their values hold (value.go, classify.go).
// Variables, pushes and pages are chosen from that (variables.go, push.go,
// pages.go), and write.go prints them.
package discover
