// Package config reads ticktop's YAML: strictly, with the place of every
// mistake, and into the specifications of the packages it configures. It is
// the only package that knows YAML, and the one place that knows which kind of
// widget has which constructor.
//
// A Config is immutable. What depends on variables ({account}, {symbol}) is
// made from it on demand: Refs and Pages.
package config
