//go:build linux || darwin

package e2e

import (
	"fmt"
	"strings"
)

// panel is a box on the screen, corners included.
type panel struct {
	x, y, w, h int
	title      string // of its upper border, without the line
	edge       string // the style of its corner: the focused one's differs
}

// panels finds the boxes and what is wrong with them: a border that is not
// closed, or does not stand straight. Boxes lying over others are found only
// while nothing lies over them.
func (s *screen) panels() (found []panel, broken []string) {
	for y := range s.h {
		for x := range s.w {
			if s.cells[y][x].text != "╭" {
				continue
			}
			p := panel{x: x, y: y, edge: s.cells[y][x].style}
			if err := s.trace(&p); err != nil {
				broken = append(broken, err.Error())
				continue
			}
			found = append(found, p)
		}
	}
	return found, broken
}

// trace follows the border of a box from its upper left corner.
func (s *screen) trace(p *panel) error {
	right := p.x + 1
	var top strings.Builder
	for ; right < s.w && s.cells[p.y][right].text != "╮"; right++ {
		top.WriteString(s.cells[p.y][right].text)
	}
	p.w, p.title = right-p.x+1, strings.Trim(top.String(), "─ ")
	if right >= s.w {
		return fmt.Errorf("the box at %d,%d has no right corner: %q", p.x, p.y, s.line(p.y))
	}
	for y := p.y + 1; y < s.h; y++ {
		l, r := s.cells[y][p.x].text, s.cells[y][right].text
		if l == "╰" && r == "╯" {
			p.h = y - p.y + 1
			return nil
		}
		if l != "│" || r != "│" {
			return fmt.Errorf("the border of %q is broken in line %d: %q", p.title, y, s.line(y))
		}
	}
	return fmt.Errorf("the box %q is open below", p.title)
}

// focus is the title of the panel that looks unlike the others, "" when there
// isn't one.
func (s *screen) focus() string {
	found, _ := s.panels()
	count := map[string]int{}
	for i := range found {
		count[found[i].edge]++
	}
	for i := range found {
		if count[found[i].edge] == 1 && len(found) > 2 {
			return found[i].title
		}
	}
	return ""
}

// panel returns the panel whose title begins so.
func (s *screen) panel(title string) (panel, bool) {
	found, _ := s.panels()
	for i := range found {
		if strings.HasPrefix(found[i].title, title) {
			return found[i], true
		}
	}
	return panel{}, false
}

// inside returns the lines of text in a panel.
func (s *screen) inside(p panel) []string {
	var out []string
	for y := p.y + 1; y < p.y+p.h-1; y++ {
		var b strings.Builder
		for _, c := range s.cells[y][p.x+1 : p.x+p.w-1] {
			b.WriteString(c.text)
		}
		out = append(out, b.String())
	}
	return out
}
