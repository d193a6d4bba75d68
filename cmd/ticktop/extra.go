package main

import "github.com/spf13/cobra"

// extraCommands are the commands that have a file and packages of their own.
func extraCommands(f *flags) []*cobra.Command { return []*cobra.Command{newServe(f)} }
