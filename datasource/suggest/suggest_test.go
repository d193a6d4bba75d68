package suggest

import "testing"

// TestHint (case 29): a slip gets the word that was meant, anything else none.
func TestHint(t *testing.T) {
	known := []string{"left", "page", "help", "next-page", "palette", "quit", "search", "sort", "inspect", "theme", "pause", "zoom", "up", "down", "right", "back", "other"}
	for word, want := range map[string]string{
		"hlep": `did you mean "help"?`, "qqqq": "", "serch": `did you mean "search"?`, "HELP ": `did you mean "help"?`,
		"insp": `did you mean "inspect"?`, "xxxxxxxxxxxx": "", "": "", "p": "", "nextpage": `did you mean "next-page"?`,
	} {
		if got := Hint(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if got := Hint("zzz", []string{"a", "b"}); got != "one of a, b" {
		t.Errorf("few words: %q", got)
	}
}
