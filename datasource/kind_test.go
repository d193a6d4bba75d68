package datasource_test

import (
	"testing"

	"ticktop/datasource"
)

func TestKinds_EachIsDescribedCompletely(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range datasource.Kinds() {
		info := k.Info()
		if info.Name == "" || info.What == "" || info.Read == "" || info.Push == 0 {
			t.Errorf("kind %d is not described: %+v", k, info)
		}
		if seen[info.Name] {
			t.Errorf("two kinds are called %q", info.Name)
		}
		seen[info.Name] = true
		stored := k != datasource.KindChannel
		if stored != (info.RedisType != "" && info.Bounded != "" && info.Measure != "" && info.Payload != datasource.PayloadNone) {
			t.Errorf("%s: its type, commands and payload do not fit together: %+v", k, info)
		}
		if info.Series != (info.Payload == datasource.PayloadMembers) {
			t.Errorf("%s: a series has members", k)
		}
		if back, err := datasource.ParseKind(k.String()); err != nil || back != k {
			t.Errorf("ParseKind(%q) = %v, %v", k, back, err)
		}
	}
	if len(seen) != 9 || len(datasource.KindNames()) != 9 {
		t.Errorf("%d kinds, expected 9", len(seen))
	}
}

func TestKind_OutsideTheTable(t *testing.T) {
	for _, k := range []datasource.Kind{0, 10, 255} {
		if k.Valid() || k.String() != "unknown" || k.IsSeries() || k.Push() != 0 || k.Info() != (datasource.KindInfo{}) {
			t.Errorf("kind %d is taken for one", k)
		}
	}
	if _, err := datasource.ParseKind("unknown"); err == nil {
		t.Error(`"unknown" is a kind`)
	}
}
