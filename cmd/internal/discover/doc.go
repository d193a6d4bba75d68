// Package discover writes a configuration for what was found in a Redis: a guess
// that works, with comments where a person knows better.
package discover
