// Package app is the composition root: it builds the sources, the engine and
// everything around them from a configuration, hands out what a session may
// see (Desk), and takes it all down again in the opposite order.
package app
