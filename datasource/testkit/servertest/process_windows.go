package servertest

import (
	"errors"
	"os"
)

func freezeProcess(*os.Process, bool) error {
	return errors.New("processes cannot be frozen on windows")
}
