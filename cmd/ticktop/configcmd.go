package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/state"
)

func newConfig(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the built-in configuration, or the schema of the file",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("config what? use: config default, config schema, config presets, config trust")
		},
	}
	cmd.AddCommand(
		newPresets(), newTrust(f),
		&cobra.Command{Use: "default", Short: "Print the built-in configuration, commented", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := cmd.OutOrStdout().Write(config.Default())
				return err
			}},
		&cobra.Command{Use: "schema", Short: "Print the JSON schema of the configuration, for editors", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := cmd.OutOrStdout().Write(config.Schema())
				return err
			}},
	)
	return cmd
}

// newPresets lists the presets, or prints one as a file to start from.
func newPresets() *cobra.Command {
	return &cobra.Command{
		Use:     "presets [NAME]",
		Short:   "List the configurations that come with ticktop, or print one",
		Example: "  ticktop config presets pulse > ticktop.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("config presets takes at most one name")
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return config.PresetNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				p, err := config.FindPreset(args[0])
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(p.YAML())
				return err
			}
			for _, p := range config.Presets() {
				printSafe(cmd.OutOrStdout(), "%-12s  %s", p.Name, p.Title)
			}
			return nil
		},
	}
}

// usedMark says that there is such a file; a folder of that name is passed over.
func usedMark(path string) string {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return "  (used)"
	}
	return ""
}

func newPaths(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "paths",
		Short: "Print every file that is read or written, and which are used",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := f.configOptions()
			if err != nil {
				return err
			}
			p := config.FindPaths(o.Env, f.config)
			out := cmd.OutOrStdout()
			used := false
			for _, path := range p.Search {
				mark := ""
				if _, err := os.Stat(path); err == nil && !used {
					mark, used = "  (used)", true
				}
				printSafe(out, "config  %s%s", path, mark)
			}
			if !used {
				printSafe(out, "config  built-in  (used)")
			}
			var presets []string
			for _, preset := range config.Presets() {
				presets = append(presets, preset.Name)
			}
			printSafe(out, "preset  %s  (in the program; see config presets)", strings.Join(presets, ", "))
			printSafe(out, "env     %s%s", config.DotenvName, usedMark(config.DotenvName))
			remembered := state.Open(p.State).Path()
			printSafe(out, "state   %s%s", remembered, usedMark(remembered))
			printSafe(out, "log     %s", filepath.Join(p.State, "ticktop.log"))
			return nil
		},
	}
}
