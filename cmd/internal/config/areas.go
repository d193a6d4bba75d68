package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"ticktop/ui/layout"
)

// area is another arrangement of a page's panels, for screens from a size on.
type area struct {
	Min  screenSize `yaml:"min" doc:"the smallest screen that it is for, in columns and lines: \"120x40\""`
	Rows []areaRow  `yaml:"rows" doc:"rows of columns of panels, from top to bottom"`
}

type areaRow struct {
	Height  Size         `yaml:"height" doc:"lines of a row of single panels, or its share of what is left: \"40%\", \"1/3\"; default: an equal part"`
	Fit     bool         `yaml:"fit" doc:"as high as its panels can fill, instead of a share"`
	Columns []areaColumn `yaml:"columns" doc:"columns, from left to right: a panel's name, a list of names that stand below each other, or {width, panels, parts}"`
}

type areaColumn struct {
	Width  Size     `yaml:"width" doc:"\"40%\", \"1/3\" or columns; default: an equal part of what is left"`
	Panels []string `yaml:"panels" doc:"names of panels, from top to bottom"`
	Parts  []int    `yaml:"parts" doc:"how the panels that can use any height share it, in their order: [2, 1]; default: equal parts"`
}

// decodeNode reads a name, a list of names, or the whole column.
func (c *areaColumn) decodeNode(d *decoder, path string, n ast.Node) {
	if _, ok := n.(ast.MapNode); ok {
		d.decodeStruct(path, n, reflect.ValueOf(c).Elem())
		return
	}
	d.decode(path+".panels", n, reflect.ValueOf(c).Elem().FieldByName("Panels"))
}

// screenSize is a size as people write it: "120x40".
type screenSize struct{ W, H int }

func (z *screenSize) decodeText(s string) error {
	a, b, ok := strings.Cut(strings.ReplaceAll(s, "×", "x"), "x")
	w, err1 := strconv.Atoi(strings.TrimSpace(a))
	h, err2 := strconv.Atoi(strings.TrimSpace(b))
	if !ok || err1 != nil || err2 != nil || w < 1 || h < 1 || w > 1000 || h > 1000 {
		return fmt.Errorf(`%q is not the size of a screen; use columns and lines, such as "120x40"`, s)
	}
	*z = screenSize{w, h}
	return nil
}

// pageAreas makes a page's areas. names are those of its panels, by index.
func (p *page) pageAreas(names []string) []layout.Area {
	index := map[string]int{}
	for i, name := range names {
		if name != "" {
			index[name] = i
		}
	}
	var out []layout.Area
	for _, a := range p.Areas {
		made := layout.Area{MinW: a.Min.W, MinH: a.Min.H}
		for _, r := range a.Rows {
			row := layout.AreaRow{Height: layout.Size(r.Height), Fit: r.Fit}
			for _, c := range r.Columns {
				col := layout.AreaColumn{Width: layout.Size(c.Width), Parts: c.Parts}
				for _, name := range c.Panels {
					if i, ok := index[name]; ok {
						col.Panels = append(col.Panels, i)
					}
				}
				row.Columns = append(row.Columns, col)
			}
			made.Rows = append(made.Rows, row)
		}
		out = append(out, made)
	}
	return out
}

// validateAreas checks the names: each is a panel's of the page, and once in an
// area.
func (d *decoder) validateAreas(p *page, at string) {
	var names []string
	for _, r := range p.Rows {
		for i := range r.Widgets {
			w := &r.Widgets[i]
			for _, have := range names {
				if have == w.Name && w.Name != "" {
					d.failPath(w.path+".name", fmt.Sprintf("the page has two panels %q", w.Name), "")
				}
			}
			names = append(names, w.Name)
		}
	}
	for i := range p.Areas {
		area := &p.Areas[i]
		where := fmt.Sprintf("%s.areas[%d]", at, i)
		if area.Min.W == 0 {
			d.failPath(where, "an area needs min: the smallest screen that it is for", `for example min: "120x40"`)
		}
		seen := map[string]bool{}
		for r := range area.Rows {
			for c, col := range area.Rows[r].Columns {
				path := fmt.Sprintf("%s.rows[%d].columns[%d]", where, r, c)
				if len(col.Panels) == 0 {
					d.failPath(path, "a column needs panels", "")
				}
				for k, name := range col.Panels {
					d.checkPanel(fmt.Sprintf("%s.panels[%d]", path, k), name, names, seen)
				}
			}
		}
		if len(seen) == 0 {
			d.failPath(where, "an area needs rows with columns of panels", "")
		}
	}
}

func (d *decoder) checkPanel(path, name string, names []string, seen map[string]bool) {
	switch {
	case seen[name]:
		d.failPath(path, fmt.Sprintf("panel %q is there twice", name), "")
	default:
		for _, have := range names {
			if have == name && name != "" {
				seen[name] = true
				return
			}
		}
		d.failPath(path, fmt.Sprintf("the page has no panel with name: %q", name), didYouMean(name, names))
	}
	seen[name] = true
}
