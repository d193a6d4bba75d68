package text

import (
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// line is one line of the panel.
type line struct {
	datum  string
	path   string // of the field, dotted
	row    int    // of an array or a message list; -1 for none
	indent int    // cells
	name   string // made safe; "" for a line that goes on
	text   string
	role   theme.Role
	head   bool // the name of an item of a repeated datum
}

// draw puts the line on a panel.
func (l *line) draw(p *draw.Panel) {
	p.Skip(l.indent)
	if l.name != "" {
		role := theme.Label
		if l.head {
			role = theme.Strong
		}
		p.Lit(role, l.name).Skip(1)
	}
	p.Lit(l.role, l.text)
}

// builder turns a value into lines.
type builder struct {
	datum   string
	entry   *datasource.Entry
	width   int
	now     time.Time
	private bool
	hidden  string
	row     int
	lines   []line
}

// Bounds of what is laid out for one picture; more is counted in words.
const (
	maxLines = 2000
	maxDepth = 12
	maxWrap  = 64
	step     = 2 // cells of indent
)

func (b *builder) addHeading(name string) {
	role, text := theme.Text, ""
	if !b.entry.Known() {
		note, r := draw.Words(b.entry, b.now, false)
		text, role = note.String(), r
	}
	b.lines = append(b.lines, line{datum: b.datum, row: -1, name: name, text: text, role: role, head: true})
}

// addValue appends the lines of a value called name.
func (b *builder) addValue(v *datasource.Value, name, path string, depth int) {
	if len(b.lines) >= maxLines {
		return
	}
	switch {
	case depth >= maxDepth && (v.Type == datasource.TypeObject || v.Type == datasource.TypeArray):
		b.addLine(name, path, depth, string(field.AppendCompact(nil, v)), theme.Text)
	case v.Type == datasource.TypeObject && len(v.Fields) > 0:
		depth = b.open(name, path, depth)
		for i := range v.Fields {
			child := v.Fields[i].Name.String()
			b.addValue(&v.Fields[i].Value, child, joinPath(path, child), depth)
		}
	case v.Type == datasource.TypeArray && len(v.Items) > 0:
		depth = b.open(name, path, depth)
		for i := range v.Items {
			b.row = i
			b.addValue(&v.Items[i], strconv.Itoa(i), joinPath(path, strconv.Itoa(i)), depth)
		}
	case v.Type == datasource.TypeMessages:
		for i := range v.Messages {
			m := &v.Messages[i]
			b.row = i
			b.addLine(draw.Clock(m.At, b.now), path, depth, string(field.AppendCompact(nil, &m.Value)), theme.Text)
		}
		if len(v.Messages) == 0 {
			b.addLine(name, path, depth, "no messages", theme.Dim)
		}
	case v.Type == datasource.TypeSeries:
		b.addSeries(v, name, path, depth)
	default:
		b.addScalar(v, name, path, depth)
	}
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// open puts the name of an object on its own line; its fields stand
// further in.
func (b *builder) open(name, path string, depth int) int {
	if name == "" {
		return depth
	}
	b.addLine(name, path, depth, "", theme.Text)
	return depth + 1
}

// addSeries tells the ends of a series and its last points.
func (b *builder) addSeries(v *datasource.Value, name, path string, depth int) {
	b.addLine(name, path, depth, strconv.Itoa(len(v.Points))+" points", theme.Text)
	const last = 50
	for i := len(v.Points) - 1; i >= max(0, len(v.Points)-last); i-- {
		p := v.Points[i]
		b.row = i
		b.addLine(draw.Clock(p.Time(), b.now), path, depth, datasource.NumberFromFloat(p.V).String(), theme.Text)
	}
}

func (b *builder) addScalar(v *datasource.Value, name, path string, depth int) {
	role := theme.Text
	text := string(field.AppendCompact(nil, v))
	switch class, _ := field.Guess(name); {
	case v.Type != datasource.TypeNull && b.private && class.Private():
		role, text = theme.Dim, b.hidden
	case v.Type == datasource.TypeNumber:
		role = draw.MoveRole(v.Move, b.now, theme.Strong)
	case v.Type == datasource.TypeNull || text == "":
		role, text = theme.Dim, "empty"
		if v.Type == datasource.TypeNull {
			text = "null"
		}
	}
	b.addLine(name, path, depth, text, role)
}

// addLine appends a line, broken where it must be.
func (b *builder) addLine(name, path string, depth int, text string, role theme.Role) {
	l := line{datum: b.datum, path: path, row: -1, indent: min(depth*step, b.width/2), name: name, role: draw.Faded(b.entry, role)}
	if b.entry.Value.Type == datasource.TypeArray || b.entry.Value.Type == datasource.TypeMessages {
		l.row, l.path = b.row, ""
	}
	space := b.width - l.indent
	if name != "" {
		space -= draw.Width(name) + 1
	}
	if space < 8 { // the name takes the line; the text stands below it
		b.lines = append(b.lines, l)
		l.indent, l.name, space = min(l.indent+step, b.width/2), "", max(b.width-l.indent-step, 1)
	}
	for i, part := range draw.Wrap(text, space, maxWrap) {
		if l.text = part; i > 0 {
			l.indent, l.name = b.width-space, ""
		}
		b.lines = append(b.lines, l)
	}
	if text == "" {
		b.lines = append(b.lines, l)
	}
}
