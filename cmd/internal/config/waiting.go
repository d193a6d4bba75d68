package config

import (
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
)

// waitingSpec stands in for a kind whose package has not landed.
type waitingSpec struct {
	Data  []string `yaml:"data"`
	Title string   `yaml:"title"`
	Spark string   `yaml:"spark"`
}

type waiting struct {
	kind string
	spec waitingSpec
}

func newWaiting(kind string) func(waitingSpec) (*waiting, error) {
	return func(s waitingSpec) (*waiting, error) { return &waiting{kind, s}, nil }
}

func (w *waiting) Kind() string           { return w.kind }
func (w *waiting) Title() datasource.Safe { return datasource.Clean(w.spec.Title, 80) }
func (w *waiting) Data() []string         { return w.spec.Data }
func (w *waiting) Render(f widgets.Frame) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: datasource.Clean(w.kind+" "+strings.Join(w.spec.Data, " "), 80), Focused: f.Focused})
	return p.String()
}
