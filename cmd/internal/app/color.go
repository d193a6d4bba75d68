package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"ticktop/widgets/theme"
)

// Profile returns how many colours to write to a terminal, from its own
// environment. mode is auto, always or never. NO_COLOR counts with any value
// that is not empty (no-color.org), CLICOLOR_FORCE with any but "0"; --color
// wins over both. A terminal without colours still has bold and underline.
func Profile(environ []string, tty bool, mode string) theme.Profile {
	env := map[string]string{}
	for _, kv := range environ {
		k, v, _ := strings.Cut(kv, "=")
		env[k] = v
	}
	force := env["CLICOLOR_FORCE"] != "" && env["CLICOLOR_FORCE"] != "0"
	switch {
	case mode == "never", mode != "always" && env["NO_COLOR"] != "":
		return withoutColour(tty)
	case mode == "always" || force:
		return max(detectProfile(environ), theme.Profile16)
	case !tty:
		return theme.ProfileNone
	default:
		return max(detectProfile(environ), theme.ProfileMono)
	}
}

func withoutColour(tty bool) theme.Profile {
	if tty {
		return theme.ProfileMono
	}
	return theme.ProfileNone
}

// detectProfile asks the library, which knows the terminals; the switches are ours.
func detectProfile(environ []string) theme.Profile {
	kept := make([]string, 0, len(environ)+1)
	for _, kv := range environ {
		if !strings.HasPrefix(kv, "NO_COLOR=") && !strings.HasPrefix(kv, "CLICOLOR") && !strings.HasPrefix(kv, "TTY_FORCE=") {
			kept = append(kept, kv)
		}
	}
	switch colorprofile.Env(kept) {
	case colorprofile.TrueColor:
		return theme.ProfileTrue
	case colorprofile.ANSI256:
		return theme.Profile256
	case colorprofile.ANSI:
		return theme.Profile16
	default:
		return theme.ProfileMono
	}
}

// TeaProfile is the same for Bubble Tea, which must not reduce our colours by
// its own guess.
func TeaProfile(p theme.Profile) colorprofile.Profile {
	switch p {
	case theme.ProfileTrue:
		return colorprofile.TrueColor
	case theme.Profile256:
		return colorprofile.ANSI256
	case theme.Profile16:
		return colorprofile.ANSI
	default:
		return colorprofile.ASCII
	}
}

// isPlainConsole reports whether an environment entry names a terminal whose
// font has neither braille nor round corners: the Linux console, and terminals
// of 7 bits.
func isPlainConsole(entry string) bool {
	term, ok := strings.CutPrefix(entry, "TERM=")
	return ok && (term == "linux" || strings.HasPrefix(term, "linux-") || strings.HasPrefix(term, "vt") && !strings.HasPrefix(term, "vte") || term == "ansi")
}

// SymbolsFor returns the configured graph symbols, or ASCII where the locale or
// the terminal says that it cannot show others.
func SymbolsFor(environ []string, configured string) theme.Symbols {
	s, err := theme.ParseSymbols(configured)
	if err != nil {
		s = theme.Braille
	}
	if s == theme.ASCII || slices.ContainsFunc(environ, isPlainConsole) {
		return theme.ASCII
	}
	locale := ""
	for _, name := range []string{"LANG", "LC_CTYPE", "LC_ALL"} { // the last that is set wins
		for _, kv := range environ {
			if v, ok := strings.CutPrefix(kv, name+"="); ok && v != "" {
				locale = v
			}
		}
	}
	locale = strings.ToLower(locale)
	if locale == "c" || locale == "posix" { // asked for by name: 7 bits
		return theme.ASCII
	}
	if _, charset, ok := strings.Cut(locale, "."); ok && !strings.HasPrefix(charset, "utf") {
		if _, err := strconv.Atoi(charset); err != nil { // Windows code pages say nothing
			return theme.ASCII
		}
	}
	return s
}
