package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// alertCheckLimit bounds the one look at the data that the alerts name.
const alertCheckLimit = 5 * time.Second

// looksUp reports whether some variable of a configuration is looked up.
func looksUp(c *config.Config) bool {
	for _, looked := range c.Lookups {
		if looked {
			return true
		}
	}
	return false
}

// foundRefs are the references of a configuration with the variables that are
// looked up, and the reasons why some cannot be; nil where none is, or where
// nothing could be found out.
func foundRefs(ctx context.Context, c *config.Config, log *slog.Logger) (refs []datasource.Ref, failed []unfound) {
	if !looksUp(c) {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, alertCheckLimit)
	defer cancel()
	a, err := app.New(app.Options{Config: c, Log: log})
	if err != nil {
		return nil, nil // said by the checks
	}
	defer a.Close()
	snap, refs, err := a.Once(ctx, app.Principal{}, nil)
	if err != nil {
		return nil, nil
	}
	for _, e := range snap.Events {
		name, ok := strings.CutPrefix(e.Subject.String(), "variable ")
		if !ok {
			continue
		}
		u := unfound{name: name, why: e.Text.String()}
		for _, r := range c.Repeated(name) {
			u.data = append(u.data, r.Name)
			if shown := snap.Get(r.Name); shown != nil {
				_, u.remedy, _ = strings.Cut(shown.Fault.Error(), u.why+"; ")
			}
		}
		failed = append(failed, u)
	}
	return refs, failed
}

// unfound is a variable that cannot be looked up, with the data that are not
// shown for that.
type unfound struct {
	name, why, remedy string
	data              []string
}

// addVariables names the variables that cannot be looked up.
func (l *checkList) addVariables(failed []unfound) {
	for _, u := range failed {
		text := "cannot be looked up: " + u.why
		if len(u.data) > 0 {
			text = "cannot be looked up (not shown: " + strings.Join(u.data, ", ") + "): " + u.why
		}
		l.addLine("vars "+u.name, redisdb.GradeFail, text, u.remedy)
	}
}

// checkAlerts reads the data once and names the alerts that can never fire on
// it.
func (l *checkList) checkAlerts(ctx context.Context, c *config.Config, log *slog.Logger) {
	if len(c.Alerts) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, alertCheckLimit)
	defer cancel()
	a, err := app.New(app.Options{Config: c, Log: log})
	if err != nil {
		return // said already
	}
	defer a.Close()
	snap, _, err := a.Once(ctx, app.Principal{}, nil)
	if err != nil {
		return
	}
	fine := 0
	for _, r := range c.Alerts {
		absent := r.Absent(snap)
		for _, err := range absent {
			l.addLine("alert", redisdb.GradeNote, "can never fire on what is there now: "+strings.TrimPrefix(err.Error(), "alert "), "")
		}
		if len(absent) == 0 {
			fine++
		}
	}
	if fine > 0 {
		l.addLine("alerts", redisdb.GradeOK, fmt.Sprintf("%d armed", fine), "")
	}
}
