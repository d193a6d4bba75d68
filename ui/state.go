package ui

import (
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/ui/alertbook"
	"ticktop/ui/scene"
	"ticktop/widgets"
)

// State is what is remembered of a session: looks, places, lists, rules. Never
// a value, never a secret. Its zero value is a clean start.
type State struct {
	Theme      string                  `json:"theme,omitempty"`
	Page       string                  `json:"page,omitempty"`
	Selected   string                  `json:"selected,omitempty"`
	Stamps     bool                    `json:"stamps,omitempty"`
	Account    string                  `json:"account,omitempty"`
	Views      map[string]widgets.View `json:"views,omitempty"` // by PanelName: sort, columns, range, indicators
	Watchlists []Watchlist             `json:"watchlists,omitempty"`
	Watchlist  string                  `json:"watchlist,omitempty"` // the one in use
	Alerts     []string                `json:"alerts,omitempty"`    // conditions made on screen
	Snoozes    []Snooze                `json:"snoozes,omitempty"`
	Layouts    map[string]Arrangement  `json:"layouts,omitempty"` // by page
	Recent     []string                `json:"recent,omitempty"`  // chosen in the palette
}

// Snooze is one snoozed alert.
type Snooze struct {
	Rule  int       `json:"rule"`
	Name  string    `json:"name"`
	Until time.Time `json:"until"`
}

// panelName is what a panel's view is remembered by.
func panelName(page string, w widgets.Widget) string {
	return page + "/" + w.Kind() + "/" + w.Title().String()
}

// State returns what there is to remember now.
func (m *Model) State() State {
	s := State{Theme: m.themeName, Selected: m.selected.String(), Stamps: m.stamps, Watchlist: m.lists.active, Recent: slices.Clone(m.recent)}
	if m.dash == nil {
		return s
	}
	if m.place.page < len(m.dash.Pages) {
		s.Page = m.dash.Pages[m.place.page].Name
	}
	for name, a := range m.arrangements {
		if s.Layouts == nil {
			s.Layouts = map[string]Arrangement{}
		}
		s.Layouts[name] = a.clone()
	}
	for _, l := range m.lists.own {
		s.Watchlists = append(s.Watchlists, Watchlist{l.Name, slices.Clone(l.Symbols)})
	}
	for p := range m.dash.Pages {
		for _, w := range scene.PageWidgets(&m.dash.Pages[p]) {
			v := lastingView(m.views[w])
			if v == (widgets.View{}) {
				continue
			}
			if s.Views == nil {
				s.Views = map[string]widgets.View{}
			}
			s.Views[panelName(m.dash.Pages[p].Name, w)] = v
		}
	}
	if m.opt.Alerts != nil {
		for _, r := range m.opt.Alerts.List(m.snap) {
			if r.Own {
				s.Alerts = append(s.Alerts, r.When)
			}
		}
	}
	for k, until := range m.alerts.Snoozes(m.now) {
		s.Snoozes = append(s.Snoozes, Snooze{k.Rule, k.Name.String(), until.Round(0)})
	}
	slices.SortFunc(s.Snoozes, func(a, b Snooze) int { return a.Until.Compare(b.Until) })
	return s
}

// lastingView is a view without what belongs to the moment: cursor, filter,
// crosshair.
func lastingView(v widgets.View) widgets.View {
	v.Cursor, v.Offset, v.Filter, v.Cross = 0, 0, "", 0
	return v
}

// restoreBeforeOpening takes over what the first dashboard depends on.
func restoreBeforeOpening(m *Model) {
	s := &m.opt.State
	if (m.opt.Theme == "" || m.opt.Theme == "auto") && s.Theme != "" {
		m.themeName = s.Theme
	}
	m.stamps = m.stamps || s.Stamps
	m.recent = s.Recent
	for name, a := range s.Layouts {
		if m.arrangements == nil {
			m.arrangements = map[string]Arrangement{}
		}
		m.arrangements[name] = a.clone()
	}
	for _, l := range s.Watchlists {
		if l.Name != "" && len(l.Symbols) > 0 {
			m.lists.own = append(m.lists.own, l)
		}
	}
	if l := m.lists.findList(s.Watchlist); l != nil && m.opt.Vars == nil {
		m.lists.active = l.Name
	}
}

// restoreAfterOpening takes over what depends on the dashboard, as far as it
// still fits.
func restoreAfterOpening(m *Model) {
	s := &m.opt.State
	if m.opt.Page == "" && s.Page != "" {
		m.place.page = pageNamed(m.dash, s.Page)
	}
	for p := range m.dash.Pages {
		for _, w := range scene.PageWidgets(&m.dash.Pages[p]) {
			if v, ok := s.Views[panelName(m.dash.Pages[p].Name, w)]; ok {
				m.views[w] = lastingView(v)
			}
		}
	}
	if slices.Contains(elementsOf(m), s.Selected) {
		m.selected = datasource.Clean(s.Selected, 64)
	}
	if m.opt.Alerts != nil {
		have := m.opt.Alerts.List(m.snap)
		for _, when := range s.Alerts {
			if !slices.ContainsFunc(have, func(r AlertRule) bool { return r.Own && r.When == when }) {
				if _, err := m.opt.Alerts.Add(when); err != nil {
					m.opt.Log.Warn("a remembered alert was dropped", "condition", when, "error", err)
				}
			}
		}
	}
	for _, z := range s.Snoozes {
		if z.Until.After(m.now) {
			m.alerts.SnoozeUntil(alertbook.Key{Rule: z.Rule, Name: datasource.Clean(z.Name, 128)}, z.Until)
		}
	}
	if l := m.lists.findList(m.lists.active); l != nil {
		m.lists.configured = slices.Clone(m.dash.Vars["symbols"])
		vars := map[string][]string{}
		for k, v := range m.dash.Vars {
			vars[k] = v
		}
		vars["symbols"] = l.Symbols
		dash, feed, err := m.opt.Desk.Open(vars)
		if err != nil { // a symbol is not allowed any more
			m.lists.active = ""
			return
		}
		old := m.watch.feed
		m.vars = vars
		m.adoptDashboard(dash, feed)
		old.Close()
	}
}

// rememberState hands what there is to remember to whoever keeps it.
func rememberState(m *Model) {
	if m.opt.Remember != nil && m.err == nil && m.touched {
		m.touched = false
		m.opt.Remember(m.State())
	}
}
