package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"ticktop/ui/layout"
	"ticktop/widgets"
)

// Pages makes the pages for a set of variables; allowed lists the pages that
// may be seen, nil all of them. The widgets are new and safe to share.
func (c *Config) Pages(vars map[string][]string, allowed []string) ([]layout.Page, error) {
	var out []layout.Page
	var errs Errors
	for _, p := range c.file.Pages {
		if allowed != nil && !slices.Contains(allowed, p.Name) {
			continue
		}
		d := p.src.forkWith(c.scopeOf(vars, time.Now()).fillShown)
		out = append(out, d.buildPage(&p, c.itemCounter(vars)))
		errs = append(errs, d.errs...)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	if len(out) == 0 {
		return nil, errors.New("no page may be seen")
	}
	return out, nil
}

// forkWith returns a decoder with the same places and its own mistakes, that fills
// variables into what it reads.
func (d *decoder) forkWith(expand func(string) (string, error)) *decoder {
	return &decoder{file: d.file, lines: d.lines, env: d.env, anchors: d.anchors, expand: expand, pos: map[string]Pos{}}
}

// itemCounter returns how many items a datum has for these variables; of "" how
// many there are in all.
func (c *Config) itemCounter(vars map[string][]string) func(data string) int {
	counts := map[string]int{}
	for _, it := range c.file.Data {
		if refs, err := c.refsOf(it.Key, &it.Value, vars, time.Now()); err == nil {
			counts[it.Key] = len(refs)
			counts[""] += len(refs)
		}
	}
	return func(data string) int {
		if n, ok := counts[data]; ok {
			return n
		}
		return 1
	}
}

// placeOf says where a widget stands. A height that the file does not bound is
// bounded by what the widget can fill.
func (w *widget) placeOf(made widgets.Widget, items func(string) int) layout.Cell {
	cell := layout.Cell{Width: layout.Size(w.Width), Weight: w.Weight, MinH: w.MinH, MaxH: w.MaxH, Below: w.Below, Spare: w.Spare, Widget: made}
	if f, ok := made.(widgets.Fitter); ok && w.MaxH == 0 {
		cell.MaxH = f.Fit(items)
	}
	return cell
}

func (d *decoder) buildPage(p *page, items func(string) int) layout.Page {
	out := layout.Page{Name: p.Name}
	var names []string
	for _, r := range p.Rows {
		row := layout.Row{Height: layout.Size(r.Height)}
		for i := range r.Widgets {
			w := &r.Widgets[i]
			if made := d.buildWidget(w); made != nil {
				row.Cells = append(row.Cells, w.placeOf(made, items))
				names = append(names, w.Name)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	out.Areas = p.pageAreas(names)
	return out
}

// buildWidget decodes the options of a widget into the Spec of its kind and makes
// it.
func (d *decoder) buildWidget(w *widget) widgets.Widget {
	n := d.resolveNode(w.node)
	k, ok := lookupKind(w.Type)
	switch {
	case w.Type == "":
		d.failNode(n, "a widget needs a type", "one of "+strings.Join(Kinds(), ", "))
		return nil
	case !ok:
		d.failAt(d.valuePos(n, "type"), fmt.Sprintf("unknown widget type %q", w.Type), didYouMean(w.Type, Kinds()))
		return nil
	}
	pairs, ok := d.mappingPairs(n)
	if !ok {
		return nil
	}
	spec := reflect.New(k.Spec).Elem()
	fields := structFields(k.Spec)
	before := len(d.errs)
	for _, p := range pairs {
		f, isSpec := fields.byName(p.key)
		_, common := widgetKeys.byName(p.key)
		switch {
		case isSpec:
			d.decode(joinPath(w.path, p.key), p.value, spec.FieldByIndex(f.index))
		case !common:
			known := append(widgetKeys.names(), fields.names()...)
			d.failAt(p.keyAt, fmt.Sprintf("unknown key %q for a widget of type %s", p.key, k.Name), didYouMean(p.key, known))
		}
	}
	if len(d.errs) > before {
		return nil
	}
	made, err := k.New(spec)
	if err != nil {
		d.failNode(n, strings.TrimPrefix(err.Error(), k.Name+": "), "")
		return nil
	}
	return made
}

// valuePos returns where the value of a key is written, else the mapping.
func (d *decoder) valuePos(n ast.Node, key string) Pos {
	if m, ok := n.(ast.MapNode); ok {
		for it := m.MapRange(); it.Next(); {
			if keyText(it.Key()) == key {
				return posOf(it.Value())
			}
		}
	}
	return posOf(n)
}
