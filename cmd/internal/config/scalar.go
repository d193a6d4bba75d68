package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"ticktop/datasource"
)

// scalarText returns the text of a scalar as it was written, with environment
// variables and dashboard variables filled in.
func (d *decoder) scalarText(n ast.Node) (string, bool) {
	var s string
	switch t := n.(type) {
	case *ast.StringNode:
		s = t.Value
	case *ast.LiteralNode:
		s = t.Value.Value
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode:
		d.failNode(n, "expected a single value, found "+describeNode(n), braceHint(n))
		return "", false
	default:
		s = n.GetToken().Value
	}
	if strings.Contains(s, "${") {
		d.expanded = append(d.expanded, expansion{at: posOf(n), raw: s})
	}
	s, err := d.env.expandText(s)
	if err == nil && d.expand != nil {
		s, err = d.expand(s)
	}
	d.checkNode(n, err)
	return s, err == nil
}

// braceHint explains what {account} without quotes is to YAML.
func braceHint(n ast.Node) string {
	if m, ok := n.(*ast.MappingNode); ok && m.IsFlowStyle {
		return `put text with {braces} in quotes`
	}
	return ""
}

func (d *decoder) checkNode(n ast.Node, err error) {
	if err != nil {
		d.failNode(n, err.Error(), "")
	}
}

func (d *decoder) scalarInto(n ast.Node, v reflect.Value) {
	s, ok := d.scalarText(n)
	if !ok {
		return
	}
	if err := setScalar(v, s); err != nil {
		d.failNode(n, err.Error(), "")
	}
}

func setScalar(v reflect.Value, s string) error {
	switch {
	case v.Type() == durationType:
		dur, err := parseDuration(s)
		if err != nil {
			return err
		}
		v.SetInt(int64(dur))
		return nil
	case v.Type() == safeType:
		v.Set(reflect.ValueOf(datasource.Clean(s, datasource.MaxCell)))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		switch strings.ToLower(s) {
		case "true", "yes", "on":
			v.SetBool(true)
		case "false", "no", "off", "":
			v.SetBool(false)
		default:
			return fmt.Errorf("expected true or false, found %q", s)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, v.Type().Bits())
		if err != nil {
			return fmt.Errorf("expected a whole number, found %q", s)
		}
		v.SetInt(i)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		i, err := strconv.ParseUint(s, 10, v.Type().Bits())
		if err != nil {
			return fmt.Errorf("expected a whole number of at least 0, found %q", s)
		}
		v.SetUint(i)
	case reflect.Float32, reflect.Float64:
		num, ok := datasource.ParseNumber(s)
		if !ok {
			return fmt.Errorf("expected a number, found %q", s)
		}
		v.SetFloat(num.Float())
	default:
		return fmt.Errorf("cannot hold %q", s)
	}
	return nil
}

func describeNode(n ast.Node) string {
	switch n.(type) {
	case *ast.SequenceNode:
		return "a list"
	case ast.MapNode:
		return "a mapping"
	case *ast.NullNode:
		return "nothing"
	default:
		return "a single value"
	}
}
