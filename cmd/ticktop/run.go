package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/datasource"
)

// The exit statuses of the contract.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2

	exitNothing = 4 // nothing could be read from any source
)

// statusError carries an exit status that is not an error to talk about: what
// there was to say has been printed.
type statusError struct{ status int }

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// run is main without the exit: it returns the exit status.
func run(args []string) int {
	ctx, signals := withSignals(context.Background())
	defer signals.stop()
	root := newRoot()
	root.SetArgs(args)
	out := &stdout{file: os.Stdout}
	root.SetOut(out)
	root.SilenceUsage, root.SilenceErrors = true, true
	root.Version = buildVersion()
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { showHelp(cmd, colourMode(args)) })
	var cmdErr error
	reportErrors(root, &cmdErr)
	if err := root.ExecuteContext(ctx); err != nil { // of cobra itself: an unknown command or flag
		reportError(os.Stderr, err)
		return exitUsage
	}
	if st := signals.exitStatus(); st != 0 {
		return st
	}
	if out.err != nil && cmdErr == nil {
		reportError(os.Stderr, out.err)
		return exitError
	}
	if st := (statusError{}); out.err != nil && errors.As(cmdErr, &st) {
		reportError(os.Stderr, out.err)
		return exitError
	}
	return exitStatus(cmdErr)
}

// exitStatus returns the exit status for an error.
func exitStatus(err error) int {
	var st statusError
	var usage *app.UsageError
	var one *config.Error
	var all config.Errors
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &st):
		return st.status
	case errors.As(err, &usage), errors.As(err, &one), errors.As(err, &all):
		return exitUsage
	default:
		return exitError
	}
}

// reportError prints an error as one line: lower case, what failed, a hint; safe
// and without secrets. A mistake in a file is followed by its line.
func reportError(w io.Writer, err error) {
	var st statusError
	if errors.As(err, &st) {
		return
	}
	printSafe(w, "ticktop: %s", errorLine(err))
	var all config.Errors
	var one *config.Error
	if errors.As(err, &all) && len(all) > 0 {
		one = all[0]
	} else if !errors.As(err, &one) {
		return
	}
	if x := one.Excerpt(); x != "" {
		fmt.Fprintln(w, x)
	}
}

// printSafe prints one line through the gate: what commands print of paths,
// addresses and names comes from flags and the environment.
func printSafe(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, datasource.Clean(fmt.Sprintf(format, args...), datasource.MaxCell))
}

// errorLine is an error's text made ready for a terminal.
func errorLine(err error) string {
	text := err.Error()
	var f *datasource.Fault
	if errors.As(err, &f) && !f.Hint.Empty() && !strings.Contains(text, f.Hint.String()) {
		text += " (" + f.Hint.String() + ")"
	}
	text = strings.Join(strings.Fields(config.RedactURL(text)), " ")
	return datasource.Clean(text, 1000).String()
}
