package keymap

import "strings"

// Markdown returns the key table as the documentation shows it. docs/keys.md is
// this text, and a test keeps it so.
func (k *Map) Markdown() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nEvery action can be given other keys by its name, in the configuration's `keys` section.\n")
	group := ""
	for i := range k.table {
		row := &k.table[i]
		if row.Group != group {
			group = row.Group
			b.WriteString("\n## " + group + "\n\n| key | action | what it does |\n|---|---|---|\n")
		}
		b.WriteString("| " + keyCodes(row) + " | " + string(row.Action) + " | " + strings.ReplaceAll(row.Help, "|", "\\|"))
		if row.Note != "" {
			b.WriteString(" (" + row.Note + ")")
		}
		b.WriteString(" |\n")
	}
	return b.String()
}

// keyCodes writes a binding's keys as code, in the spelling of the configuration.
func keyCodes(b *Binding) string {
	keys := b.Keys
	if b.Action == Page {
		keys = []string{b.ShowKeys()}
	}
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = "`" + key + "`"
	}
	return strings.Join(out, " ")
}
