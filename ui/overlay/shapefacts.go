package overlay

import (
	"strings"

	"ticktop/datasource"
)

// shapeFacts say how a value is read out of what its key holds: names and texts,
// unsafe, empty where there is nothing to say.
func shapeFacts(s *datasource.Shape) [][2]string {
	return [][2]string{
		{"decode", s.Decode}, {"path", s.Pick}, {"where", pairsText(s.Where)}, {"fields", pairsText(s.Fields)},
		{"columns", s.Columns}, {"series", seriesText(&s.Series)}, {"time", timeText(s)}, {"newest", newestText(s)},
	}
}

// pairsText writes pairs as "name: value, name: value, value".
func pairsText(p datasource.Pairs) string {
	var out []string
	for _, x := range p.List() {
		out = append(out, x.Name+": "+strings.Join(x.Values, " or "))
	}
	return strings.Join(out, ", ")
}

// seriesText says what of a row is a point or a bar.
func seriesText(s *datasource.SeriesFields) string {
	var out []string
	for _, f := range [...][2]string{{"time", s.Time}, {"value", s.Value}, {"open", s.Open}, {"high", s.High}, {"low", s.Low}, {"close", s.Close}, {"volume", s.Volume}} {
		if f[1] != "" {
			out = append(out, f[0]+": "+f[1])
		}
	}
	if s.Step > 0 {
		out = append(out, "step: "+s.Step.String())
	}
	return strings.Join(out, ", ")
}

func timeText(s *datasource.Shape) string {
	text := s.Time
	if s.TimeFormat != "" {
		text += " as " + s.TimeFormat
	}
	if s.Zone != "" {
		text += " in " + s.Zone
	}
	return strings.TrimSpace(text)
}

func newestText(s *datasource.Shape) string {
	end := ""
	switch s.Newest {
	case datasource.EndFirst:
		end = "first"
	case datasource.EndLast:
		end = "last"
	case datasource.EndUnknown:
	}
	if s.Latest {
		end = strings.TrimSpace(end + " entry only")
	}
	return end
}
