package redisdb

import (
	"testing"

	"ticktop/datasource"
)

// TestAllFailed: Redis is down when no datum can be read, whatever each of a
// cluster's nodes says of it.
func TestAllFailed(t *testing.T) {
	fail := func(classes ...datasource.Class) (raws []datasource.Raw) {
		for _, c := range classes {
			raw := datasource.Raw{}
			if c != datasource.ClassUnknown {
				raw.Err = &datasource.Fault{Class: c}
			}
			raws = append(raws, raw)
		}
		return raws
	}
	const fine, closed, cluster, denied = datasource.ClassUnknown, datasource.ClassClosed, datasource.ClassCluster, datasource.ClassPermission
	for name, c := range map[string]struct {
		raws []datasource.Raw
		want datasource.Class
	}{
		"nothing asked":      {nil, fine},
		"one is fine":        {fail(closed, fine), fine},
		"the same for all":   {fail(closed, closed), closed},
		"a dead node":        {fail(closed, cluster, closed), cluster},
		"one datum's own":    {fail(denied, denied), fine},
		"and one is refused": {fail(closed, denied), fine},
	} {
		if got := datasource.ClassOf(allFailed(c.raws)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
