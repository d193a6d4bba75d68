package names

// Standards returns every standard name.
func Standards() []Standard {
	out := make([]Standard, 0, len(spellings))
	for _, s := range spellings {
		out = append(out, s.is)
	}
	return out
}

// Spellings returns the producers' names of a standard one.
func Spellings(s Standard) []string { return byStandard[s] }
