package main

import "github.com/spf13/cobra"

func newDiscover(f *flags) *cobra.Command {
	return &cobra.Command{Use: "discover", RunE: func(*cobra.Command, []string) error { return usagef("not yet") }}
}
func newCheck(f *flags) *cobra.Command {
	return &cobra.Command{Use: "check", RunE: func(*cobra.Command, []string) error { return usagef("not yet") }}
}
