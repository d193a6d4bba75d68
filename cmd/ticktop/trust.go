package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/config"
)

// trustAsker returns who decides on a found file that would send what it does not
// hold: what is remembered, else the person at the terminal, else nobody.
// Once the dashboard is up, nobody is asked.
func (f *flags) trustAsker(env *config.Env) config.Asker {
	asked := false
	return func(path string, content []byte, what []string) error {
		store := f.openState(env)
		if store.Trusted(path, content) {
			return nil
		}
		if asked || !f.mayAsk || !isInteractive() {
			return config.Untrusted(path, what)
		}
		asked = true
		if !confirmFile(os.Stdin, os.Stderr, path, what) {
			return config.Untrusted(path, what)
		}
		if store == nil {
			return nil // for this run
		}
		return store.Trust(path, content)
	}
}

// confirmFile asks on the terminal.
func confirmFile(in io.Reader, out io.Writer, path string, what []string) bool {
	printSafe(out, "%s was only found here, not named by you. It would:", path)
	for _, w := range what {
		printSafe(out, "  - %s", w)
	}
	fmt.Fprint(out, "Is that right? Type yes to trust this file: ")
	answer, _ := bufio.NewReader(io.LimitReader(in, 100)).ReadString('\n')
	return strings.EqualFold(strings.TrimSpace(answer), "yes")
}

// newTrust allows the found files of this directory what they would do.
func newTrust(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "trust",
		Short: "Trust the ticktop.yaml and .env found in this directory",
		Long: `A ticktop.yaml or .env that merely lies in the working directory may send what it
holds itself to the address that it names. Before it may send anything else, such
as a token of the environment or another file's content, or run a hook, it must be
trusted once: ticktop asks, or this command says yes. It is remembered for the
file's path and content.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.trustFound(cmd.OutOrStdout()) },
	}
}

func (f *flags) trustFound(out io.Writer) error {
	o, err := f.configOptions()
	if err != nil {
		return err
	}
	store := f.openState(o.Env)
	if store == nil {
		return usagef("--no-state remembers nothing, trust included")
	}
	trusted := 0
	o.Trust = func(path string, content []byte, what []string) error {
		for _, w := range what {
			printSafe(out, "%s may %s", path, w)
		}
		trusted++
		return store.Trust(path, content)
	}
	if _, err := config.Load(o); err != nil {
		return err
	}
	if trusted == 0 {
		printSafe(out, "nothing to trust: the files found here send only what they hold")
	}
	return nil
}
