package main

import "github.com/spf13/cobra"

// extraCommands are the commands that have a file and packages of their own.
func extraCommands(*flags) []*cobra.Command { return nil }
