package app

import (
	"testing"

	"ticktop/widgets/theme"
)

func TestProfile(t *testing.T) {
	for _, c := range []struct {
		name string
		env  []string
		tty  bool
		mode string
		want theme.Profile
	}{
		{"true colour", []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, true, "auto", theme.ProfileTrue},
		{"256", []string{"TERM=xterm-256color"}, true, "auto", theme.Profile256},
		{"16", []string{"TERM=xterm"}, true, "auto", theme.Profile16},
		{"a terminal without colour still has bold", []string{"TERM="}, true, "auto", theme.ProfileMono},
		{"a pipe", []string{"TERM=xterm-256color"}, false, "auto", theme.ProfileNone},
		{"NO_COLOR=1", []string{"TERM=xterm-256color", "NO_COLOR=1"}, true, "auto", theme.ProfileMono},
		{"NO_COLOR with any value", []string{"TERM=xterm-256color", "NO_COLOR=no"}, true, "auto", theme.ProfileMono},
		{"NO_COLOR=0 too", []string{"TERM=xterm-256color", "NO_COLOR=0"}, true, "auto", theme.ProfileMono},
		{"an empty NO_COLOR isn't one", []string{"TERM=xterm-256color", "NO_COLOR="}, true, "auto", theme.Profile256},
		{"the flag wins over NO_COLOR", []string{"TERM=xterm-256color", "NO_COLOR=1"}, true, "always", theme.Profile256},
		{"never", []string{"TERM=xterm-256color"}, true, "never", theme.ProfileMono},
		{"forced in a pipe", []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1"}, false, "auto", theme.Profile256},
		{"CLICOLOR_FORCE=0 forces nothing", []string{"TERM=xterm-256color", "CLICOLOR_FORCE=0"}, false, "auto", theme.ProfileNone},
		{"NO_COLOR wins over CLICOLOR_FORCE", []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1", "NO_COLOR=x"}, true, "auto", theme.ProfileMono},
		{"always has at least 16", []string{"TERM="}, false, "always", theme.Profile16},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Profile(c.env, c.tty, c.mode); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestSymbols(t *testing.T) {
	for _, c := range []struct {
		env        []string
		configured string
		want       theme.Symbols
	}{
		{[]string{"LANG=en_US.UTF-8"}, "braille", theme.Braille},
		{[]string{"LANG=C"}, "block", theme.ASCII},
		{[]string{"LC_ALL=POSIX"}, "", theme.ASCII},
		{[]string{"LANG=C.UTF-8"}, "block", theme.Block},
		{[]string{"LANG=de_DE.ISO-8859-1"}, "braille", theme.ASCII},
		{[]string{"LANG=de_DE.ISO-8859-1", "LC_ALL=C.UTF-8"}, "braille", theme.Braille},
		{nil, "ascii", theme.ASCII},
		{[]string{"TERM=linux", "LANG=en_US.UTF-8"}, "braille", theme.ASCII}, // case 33
		{[]string{"TERM=vt220"}, "block", theme.ASCII},
		{[]string{"TERM=linux-16color"}, "", theme.ASCII},
		{[]string{"TERM=vte-256color", "LANG=en_US.UTF-8"}, "braille", theme.Braille},
		{nil, "", theme.Braille},
	} {
		if got := SymbolsFor(c.env, c.configured); got != c.want {
			t.Errorf("%v %q: got %v, want %v", c.env, c.configured, got, c.want)
		}
	}
}
