// Package layout is the arithmetic of the grid: it turns a page's
// specification and a size into rectangles. It knows no styles.
package layout

import "ticktop/widgets"

// Size says how much of a row or a page something takes. The zero Size shares
// what the others leave, in equal parts.
type Size struct {
	Cells    int // this many cells or lines
	Num, Den int // this fraction of the whole: "1/3", "40%" is 40/100
}

// Page is one page of a dashboard.
type Page struct {
	Name  string
	Rows  []Row  // the panels in their order, and how they stand where no area fits
	Areas []Area // other arrangements by size: the first that fits is taken
}

// Area arranges the panels of a page on screens from a size on.
type Area struct {
	MinW, MinH int // of the whole screen
	Rows       []AreaRow
}

// AreaRow is one row of an Area, from left to right.
type AreaRow struct {
	Height  Size
	Fit     bool // as high as its highest column of panels that end somewhere
	Columns []AreaColumn
}

// AreaColumn is panels that stand below each other.
type AreaColumn struct {
	Width  Size
	Panels []int // indexes of the page's panels, from the top
	Parts  []int // what those that can use any height get of it, by panel; nil: equal parts
}

// Row is one row of a page, from left to right.
type Row struct {
	Height Size
	Cells  []Cell
}

// Cell is one panel of a row.
type Cell struct {
	Width  Size
	Widget widgets.Widget
	Weight int // what goes first when the screen is small: lower goes earlier; 0 stays
	MinH   int // lines below which it is of little use: lighter panels go first; 0: one more than the widget's own minimum
	MaxH   int // lines beyond which it would only be blank: the others get them; 0: none

	Below bool // stands below the cell before it, in the same column, on a wide screen
	Spare bool // only shown where all others have all the lines that they can use
}
