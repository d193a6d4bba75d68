//go:build linux || darwin

package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the ticktop under test, built without the race detector: what is
// tested is what is shipped.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped: the program on a terminal, not with -short")
		return 0
	}
	if binary = os.Getenv("TICKTOP_BINARY"); binary != "" { // one that is installed already
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "ticktop-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "ticktop")
	build := exec.Command("go", "build", "-o", binary, "ticktop/cmd/ticktop")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "building ticktop:", err)
		return 1
	}
	return m.Run()
}
