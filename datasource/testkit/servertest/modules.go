package servertest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

//go:embed testdata/jsonseries.c
var jsonSeriesSource []byte

// JSONAndTimeSeries loads a small module of the tests' own into the server,
// with the commands of RedisJSON and RedisTimeSeries that a reader needs. The
// test is skipped where there is no C compiler.
func JSONAndTimeSeries(tb testing.TB) Option {
	tb.Helper()
	compiler := ""
	for _, name := range []string{"cc", "gcc", "clang"} {
		if path, err := exec.LookPath(name); err == nil {
			compiler = path
			break
		}
	}
	if compiler == "" {
		tb.Skip("no C compiler for the module")
	}
	dir := tb.TempDir()
	source, module := filepath.Join(dir, "jsonseries.c"), filepath.Join(dir, "jsonseries.so")
	if err := os.WriteFile(source, jsonSeriesSource, 0o600); err != nil {
		tb.Fatal(err)
	}
	if out, err := exec.CommandContext(tb.Context(), compiler, "-shared", "-fPIC", "-O1", "-o", module, source).CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%s", compiler, err, out)
	}
	return Config("loadmodule", module)
}
