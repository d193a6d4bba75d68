package decode

import (
	"fmt"
	"time"
)

// loadZone returns the zone of an IANA name; "" and paths are none.
func loadZone(name string) (*time.Location, error) {
	if name == "" || len(name) > 64 {
		return nil, fmt.Errorf("no zone %.40q", name)
	}
	return time.LoadLocation(name)
}
