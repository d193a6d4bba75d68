package config

import "testing"

// BenchmarkParse is what every start pays: the built-in configuration, checked.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(BuiltIn, nil, Options{Env: &Env{}}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPages is what a session with other variables pays.
func BenchmarkPages(b *testing.B) {
	c, err := Parse(BuiltIn, nil, Options{Env: &Env{}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Pages(c.Vars, nil); err != nil {
			b.Fatal(err)
		}
	}
}
