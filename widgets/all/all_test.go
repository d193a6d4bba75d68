package all

import (
	"reflect"
	"testing"
)

// TestKinds_EveryKeyIsDescribed: the schema and the reference are made of these
// texts.
func TestKinds_EveryKeyIsDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if k.Doc == "" || seen[k.Name] {
			t.Errorf("%s has no description, or is there twice", k.Name)
		}
		seen[k.Name] = true
		describe(t, k.Name, k.Spec)
	}
}

func describe(t *testing.T, path string, spec reflect.Type) {
	for spec.Kind() == reflect.Slice || spec.Kind() == reflect.Map || spec.Kind() == reflect.Pointer {
		spec = spec.Elem()
	}
	if spec.Kind() != reflect.Struct {
		return
	}
	for i := range spec.NumField() {
		f := spec.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" {
			continue
		}
		if f.Tag.Get("doc") == "" {
			t.Errorf("%s.%s has no description", path, name)
		}
		describe(t, path+"."+name, f.Type)
	}
}
