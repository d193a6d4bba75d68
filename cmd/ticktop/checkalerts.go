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
// looked up; nil where none is, or where nothing could be found out.
func foundRefs(ctx context.Context, c *config.Config, log *slog.Logger) []datasource.Ref {
	if !looksUp(c) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, alertCheckLimit)
	defer cancel()
	a, err := app.New(app.Options{Config: c, Log: log})
	if err != nil {
		return nil // said by the checks
	}
	defer a.Close()
	_, refs, err := a.Once(ctx, app.Principal{}, nil)
	if err != nil {
		return nil
	}
	return refs
}

// checkAlerts reads the data once and names the alerts that can never fire on
// it, and the variables that cannot be looked up.
func (l *checkList) checkAlerts(ctx context.Context, c *config.Config, log *slog.Logger) {
	if len(c.Alerts) == 0 && !looksUp(c) {
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
	for _, e := range snap.Events {
		if name, ok := strings.CutPrefix(e.Subject.String(), "variable "); ok {
			l.addLine("vars "+name, redisdb.GradeFail, "cannot be looked up: "+e.Text.String(), "")
		}
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
