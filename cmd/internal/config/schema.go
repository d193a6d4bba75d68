package config

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/all"
)

// Schema returns the JSON schema (draft 2020-12) of the configuration, made
// from the structures that read it. Editors complete and check with it.
func Schema() []byte {
	s := objectSchema(reflect.TypeFor[file]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = "https://ticktop.example/ticktop.schema.json"
	s["title"] = "ticktop configuration"
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return []byte("{}\n") // maps and strings only: it cannot fail
	}
	return append(out, '\n')
}

type schema = map[string]any

func objectSchema(t reflect.Type) schema {
	props := schema{}
	for _, f := range structFields(t) {
		p := typeSchema(f.typ)
		if doc := f.tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		restrictSchema(p, f)
		props[f.name] = p
	}
	return schema{"type": "object", "properties": props, "patternProperties": schema{"^x-": schema{}}, "additionalProperties": false}
}

// restrictSchema adds the words and the range that a value is limited to.
func restrictSchema(p schema, f field) {
	if words := f.tag.Get("enum"); words != "" && f.typ.Kind() == reflect.Slice {
		item := schema{"type": "string", "enum": strings.Split(words, ",")}
		p["oneOf"] = []any{item, schema{"type": "array", "items": item}}
	} else if words != "" {
		p["enum"] = strings.Split(words, ",")
	}
	for _, bound := range []string{"minimum", "maximum"} {
		if n, err := strconv.Atoi(f.tag.Get(bound)); err == nil {
			p[bound] = n
		}
	}
}

// oneKind adds that a datum has exactly one kind, as the program demands it.
func oneKind(s schema) schema {
	var one []any
	for _, name := range append(datasource.KindNames(), "join") {
		one = append(one, schema{"required": []string{name}})
	}
	s["oneOf"] = one
	return s
}

// typeSchema describes how a type is written.
func typeSchema(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[Duration](), reflect.TypeFor[time.Duration]():
		return schema{"oneOf": []any{schema{"type": "integer", "minimum": 0}, schema{"type": "string", "pattern": `^([0-9.]+(ns|us|µs|ms|s|m|h))+$|^[0-9]+$|\$\{`}}}
	case reflect.TypeFor[Size]():
		return schema{"oneOf": []any{schema{"type": "integer", "minimum": 1}, schema{"type": "string", "pattern": `^[0-9]+(%|/[0-9]+)?$`}}}
	case reflect.TypeFor[Var]():
		scalar := schema{"type": []string{"string", "number", "boolean"}}
		return schema{"oneOf": []any{scalar, schema{"type": "array", "items": scalar}, objectSchema(reflect.TypeFor[varSection]())}}
	case reflect.TypeFor[datasource.Safe]():
		return schema{"type": "string"}
	case reflect.TypeFor[screenSize]():
		return schema{"type": "string", "pattern": `^[0-9]+[x×][0-9]+$`}
	case reflect.TypeFor[areaColumn]():
		name := schema{"type": "string"}
		return schema{"oneOf": []any{name, schema{"type": "array", "items": name}, objectSchema(t)}}
	case reflect.TypeFor[widget]():
		return widgetSchema()
	case reflect.TypeFor[Ordered[Var]]():
		return schema{"type": "object", "additionalProperties": typeSchema(reflect.TypeFor[Var]())}
	case reflect.TypeFor[Ordered[datum]]():
		return schema{"type": "object", "additionalProperties": oneKind(objectSchema(reflect.TypeFor[datum]()))}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeSchema(t.Elem())
	case reflect.Struct:
		if _, ok := structFields(t).shorthandField(); ok {
			return schema{"oneOf": []any{schema{"type": "string"}, objectSchema(t)}}
		}
		return objectSchema(t)
	case reflect.Slice:
		if _, ordered := reflect.New(t).Interface().(interface{ Keys() []string }); ordered {
			value, _ := t.Elem().FieldByName("Value")
			return schema{"type": "object", "additionalProperties": typeSchema(value.Type)}
		}
		item := typeSchema(t.Elem())
		list := schema{"type": "array", "items": item}
		if t.Elem().Kind() == reflect.String {
			return schema{"oneOf": []any{item, list}} // one word is a list of one
		}
		return list
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": typeSchema(t.Elem())}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return schema{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	default:
		return schema{"type": "string"}
	}
}

// widgetSchema allows, for each kind, the common keys and those of its Spec.
func widgetSchema() schema {
	var kindsOf []any
	for _, k := range all.Kinds() {
		s := objectSchema(k.Spec)
		props := s["properties"].(schema)
		for _, f := range widgetKeys {
			p := typeSchema(f.typ)
			p["description"] = f.tag.Get("doc")
			props[f.name] = p
		}
		props["type"] = schema{"const": k.Name, "description": k.Doc}
		s["required"] = []string{"type"}
		kindsOf = append(kindsOf, s)
	}
	return schema{"oneOf": kindsOf}
}
