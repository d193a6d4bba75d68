// Package sshd serves dashboards over SSH: access, limits, and a
// program per session. It knows neither Redis nor widgets; what a session shows
// comes in through Options.
//
// The server trusts nothing of a client: only session channels are accepted,
// every request on them passes one filter (requestfilter.go), and a session's
// identity is the key that signed the handshake.
package sshd
