package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ticktop/cmd/internal/config"
)

// newConfig is the file that W writes where none was read.
const newConfig = "ticktop.yaml"

// writer returns what W does in a session in this terminal: it writes what was
// discovered to a new file, and what is pinned to the file in force. wrote is
// told of a file that was changed; it may be nil.
func (a *App) writer(discovered bool, pins *Pins, wrote func(path string, before, after []byte)) func() (string, error) {
	return func() (string, error) {
		c := a.Config()
		added := pins.Addition()
		pinned := len(added.Data) > 0
		switch {
		case c.Path != "" && !pinned:
			return "", errors.New("this dashboard comes from a file already, and nothing is pinned")
		case c.Path == "" && !pinned && !discovered:
			return "", fmt.Errorf("nothing is pinned, and %s comes with ticktop: ticktop config presets prints it", c.Name)
		}
		text := c.Source()
		if pinned {
			var err error
			if text, err = c.Added(added); err != nil {
				return "", err
			}
			if _, err := c.With(added, pins.load); err != nil {
				return "", err
			}
		}
		if c.Path == "" {
			if err := createConfig(newConfig, text); err != nil {
				return "", err
			}
			pins.forget()
			return newConfig, nil
		}
		before, err := replaceConfig(c, text)
		if err != nil {
			return "", err
		}
		if wrote != nil {
			wrote(c.Path, before, text)
		}
		a.reloadConfig()
		pins.Clear() // the file has them
		return c.Path, nil
	}
}

// createConfig writes a file that is not there yet.
func createConfig(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errors.New(path + " exists already: move it away first")
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// replaceConfig writes a configuration's file anew in one step, if it still is
// what was read, and returns what it was.
func replaceConfig(c *config.Config, text []byte) (before []byte, err error) {
	path, err := filepath.EvalSymlinks(c.Path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	before, err = io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if bom := []byte("\ufeff"); !bytes.Equal(bytes.TrimPrefix(before, bom), c.Source()) {
		return nil, fmt.Errorf("%s has changed meanwhile: try again", c.Path)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return before, err
}
