// Command licences prints the licences of every module that is linked into
// ticktop, on any of the systems it is released for: packages must carry them.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// systems are those whose packages are made; each links its own few modules.
var systems = []string{"linux", "darwin", "windows"}

// names are what a licence's file is called, the most usual first.
var names = []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "License*", "license*"}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	modules := map[string]string{} // "path version" → folder
	for _, goos := range systems {
		if err := linkedModules(goos, modules); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "ticktop is linked with the modules below. Their licences follow, each as its authors wrote it.")
	for _, module := range slices.Sorted(maps.Keys(modules)) {
		texts, err := licenceTexts(modules[module])
		if err != nil {
			return fmt.Errorf("%s: %w", module, err)
		}
		fmt.Fprintf(out, "\n%s\n%s\n", strings.Repeat("=", 78), module)
		for _, text := range texts {
			fmt.Fprintf(out, "%s\n\n%s\n", strings.Repeat("-", 78), bytes.TrimSpace(text))
		}
	}
	return out.Flush()
}

// linkedModules adds the modules of the program for one system.
func linkedModules(goos string, into map[string]string) error {
	cmd := exec.CommandContext(context.Background(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/ticktop")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go list for %s: %w", goos, err)
	}
	for line := range strings.Lines(string(list)) {
		if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			into[module] = dir
		}
	}
	return nil
}

// licenceTexts returns the texts of the licence files at the top of a module.
func licenceTexts(dir string) ([][]byte, error) {
	seen := map[string]bool{}
	var texts [][]byte
	for _, pattern := range names {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.IsDir() || seen[file] || filepath.Ext(file) == ".go" {
				continue
			}
			seen[file] = true
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil, errors.New("no licence file")
	}
	return texts, nil
}
