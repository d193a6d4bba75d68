// Command docgen draws the pictures of the documentation, from a recording of
// the demo and through the real session model, so that they show what the
// program shows. It also writes the pages that the program knows by itself: the
// reference in docs/config.md, and docs/gallery.md.
//
//	go run ./cmd/internal/docgen docs/img     # make pictures
//	go run ./cmd/internal/docgen -record cmd/internal/docgen/testdata
//
// The first is a pure function of the recording, byte for byte. The second makes
// the recording anew; that takes some minutes, because it waits for the demo's
// faults to show.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// dataDir is where the recording is, seen from the root of the repository.
const dataDir = "cmd/internal/docgen/testdata"

func main() {
	var from string
	var again bool
	flag.StringVar(&from, "from", dataDir, "folder of the recording")
	flag.BoolVar(&again, "record", false, "make the recording anew, in the folder named")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: gallery [-from FOLDER] docs/img\n       gallery -record FOLDER")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, from, flag.Arg(0), again); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, from, to string, again bool) (err error) {
	if again {
		return makeRecording(ctx, to)
	}
	time.Local = time.UTC // a picture is not the place where it was made
	s, err := newStudio(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	all, err := s.drawAll()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	return errors.Join(writeAll(to, all), removeOthers(to, all), writePages(filepath.Dir(to)))
}

// writePages writes the parts of the documentation that the program knows, into
// the folder of the pages.
func writePages(docs string) error {
	made, err := pagesOf(docs)
	if err != nil {
		return err
	}
	for path, text := range made {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pagesOf makes these pages: by path, as they should be.
func pagesOf(docs string) (map[string][]byte, error) {
	config := filepath.Join(docs, "config.md")
	ref, err := withReference(config)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{config: ref, filepath.Join(docs, "gallery.md"): galleryIndex()}, nil
}

func writeAll(dir string, all map[string][]byte) error {
	for name, svg := range all {
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), svg, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// removeOthers removes pictures that are drawn no more.
func removeOthers(dir string, all map[string][]byte) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.svg"))
	if err != nil {
		return err
	}
	for _, path := range old {
		name := filepath.Base(path)
		if _, ok := all[name[:len(name)-len(".svg")]]; ok {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
