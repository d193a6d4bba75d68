package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/datasource/redisdb"
	"ticktop/ui/layout"
)

func newCheck(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check configuration, Redis, rights, pub/sub, API and terminal",
		Long: `Checks the configuration, then everything it names: Redis and the rights there,
pub/sub, the API and this terminal. One line each, with a remedy where one is
needed. It writes nothing, anywhere.

Exit status: 0 all is well; 1 something failed; 2 the configuration can't be
used; 3 nothing of the configuration is there.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.runCheck(cmd) },
	}
}

// checkList collects the lines of a check.
type checkList struct {
	out    io.Writer
	failed int

	said            map[string]bool // what need not be said again, see addRemarks
	present, absent int             // keys and answers of the API that are there, keys that are not
}

var gradeWords = map[redisdb.Grade]string{redisdb.GradeOK: "ok", redisdb.GradeNote: "note", redisdb.GradeFail: "FAIL"}

// addLine prints one line; text and remedy are made safe here.
func (l *checkList) addLine(name string, g redisdb.Grade, text, remedy string) {
	if g == redisdb.GradeFail {
		l.failed++
	}
	clean := func(s string) string {
		return datasource.Clean(strings.Join(strings.Fields(config.RedactURL(s)), " "), 400).String()
	}
	row := fmt.Sprintf("%s  %-18s  %s", gradeStyles[g].Render(gradeWords[g]), clean(name), clean(text))
	if remedy != "" {
		row += ": " + clean(remedy)
	}
	fmt.Fprintln(l.out, row)
}

func (f *flags) runCheck(cmd *cobra.Command) error {
	l := &checkList{out: colourWriter(cmd.OutOrStdout(), f.color)}
	chosen, err := f.loadFor(cmd.Context(), nil)
	if err != nil {
		var all config.Errors
		if !errors.As(err, &all) {
			l.addLine("config", redisdb.GradeFail, err.Error(), "")
		}
		for _, mistake := range all {
			l.addLine("config", redisdb.GradeFail, mistake.Error(), "")
		}
		return err
	}
	c, o := chosen.Config, chosen.Load
	refs, err := c.Refs(c.Vars, time.Now())
	if err != nil {
		return err
	}
	log, closer, err := f.openLog(o.Env)
	if err != nil {
		return err
	}
	defer closer.Close()
	found, failed := foundRefs(cmd.Context(), c, log)
	if len(found) > 0 {
		refs = found
	}
	l.addLine("config", redisdb.GradeOK, fmt.Sprintf("%s, %d data, pages %s", c.Name, len(refs), strings.Join(c.PageNames(), ", ")), "")
	for _, w := range c.Warnings {
		l.addLine("config", redisdb.GradeNote, w, "")
	}
	redis, err := app.OpenRedis(c.Redis, log)
	if err != nil {
		l.addLine("redis", redisdb.GradeFail, strings.TrimPrefix(err.Error(), "redis: "), "")
	} else {
		l.addRedis(redis.Check(cmd.Context(), askedRefs(c, refs)))
		l.addVariables(failed)
		l.checkValues(cmd.Context(), redis, refs)
		_ = redis.Close()
	}
	l.checkAPI(cmd.Context(), c, refs)
	l.checkPrivacy(c, refs)
	if l.failed == 0 {
		l.checkAlerts(cmd.Context(), c, log)
	}
	l.checkTerminal(c)
	fmt.Fprintln(l.out, "\nticktop only reads: it never writes to Redis, to the API or to your files.")
	if c.API.Share {
		fmt.Fprintln(l.out, "api.share is on: answers of the API are kept under ticktop:api: with an expiry. Nothing else is written.")
	}
	switch {
	case cmd.Context().Err() != nil:
		return nil
	case l.failed > 0:
		return statusError{exitError}
	case l.absent > 0 && l.present == 0:
		return statusError{snapshot.Partly}
	}
	return nil
}

// askedRefs are the references with the fallbacks that there are: without an API
// nobody is asked.
func askedRefs(c *config.Config, refs []datasource.Ref) []datasource.Ref {
	if c.API.URL != "" {
		return refs
	}
	out := slices.Clone(refs)
	for i := range out {
		out[i].Fallback = datasource.Endpoint{}
	}
	return out
}

// sharedLine is what items of a repeated datum have in common to share a line:
// they are healthy, or they are not there.
type sharedLine struct {
	group  string
	absent bool
}

// addRedis prints what was found in Redis. The healthy items of a repeated datum
// share a line, and so do those that are not there.
func (l *checkList) addRedis(results []redisdb.CheckResult) {
	count := map[sharedLine]int{}
	shares := func(r *redisdb.CheckResult) (sharedLine, bool) {
		name := r.Name.String()
		return sharedLine{datasource.Group(name), r.Absent}, datasource.Item(name) != "" && (r.Grade == redisdb.GradeOK || r.Absent)
	}
	for i := range results {
		if line, ok := shares(&results[i]); ok {
			count[line]++
		}
	}
	for i := range results {
		r := &results[i]
		name, text := r.Name.String(), r.Text.String()
		line, ok := shares(r)
		n, first := count[line]
		switch {
		case ok && !first:
			continue // said already
		case ok && n > 1:
			name, text = line.group, fmt.Sprintf("%d of these: %s, …", n, text)
		}
		if ok {
			delete(count, line)
		}
		l.addLine(name, r.Grade, text, r.Remedy.String())
	}
}

// checkAPI asks for one resource of each kind of path.
func (l *checkList) checkAPI(ctx context.Context, c *config.Config, refs []datasource.Ref) {
	api, err := app.OpenAPI(c.API, nil)
	switch {
	case err != nil:
		l.addLine("api", redisdb.GradeFail, strings.TrimPrefix(err.Error(), "api: "), "")
		return
	case api == nil:
		l.addLine("api", redisdb.GradeNote, "none configured: a missing key stays missing", "set DJANGO_API_URL and DJANGO_API_TOKEN")
		return
	}
	defer api.Close()
	asked := map[string]bool{}
	for _, r := range refs {
		if group := datasource.Group(r.Name); r.Fallback.Defined() && !asked[group] {
			asked[group] = true
			err := api.Probe(ctx, r.Fallback.Path)
			l.addProbe(r, err)
			if err == nil {
				l.checkRows(ctx, api, r)
			}
		}
	}
}

// checkRows notes where the API gives fewer rows than it says that there are.
func (l *checkList) checkRows(ctx context.Context, api datasource.Reader, r datasource.Ref) {
	l.present++
	raws, err := api.Read(ctx, []datasource.Request{{Ref: &r, Since: math.Inf(-1)}})
	if err == nil && len(raws) == 1 && !raws[0].Note.Empty() {
		l.addLine("api "+datasource.Group(r.Name), redisdb.GradeNote, r.Fallback.Path+": "+raws[0].Note.String(),
			"its pages go on in a way that ticktop does not know: let it answer with next, or a Link header")
	}
}

func (l *checkList) addProbe(r datasource.Ref, err error) {
	name := "api " + datasource.Group(r.Name)
	var f *datasource.Fault
	switch {
	case err == nil:
		l.addLine(name, redisdb.GradeOK, r.Fallback.Path, "")
	case errors.As(err, &f) && f.Class == datasource.ClassMissing:
		l.addLine(name, redisdb.GradeNote, r.Fallback.Path+" is not there", "")
	case errors.As(err, &f):
		l.addLine(name, redisdb.GradeFail, r.Fallback.Path+": "+f.Error(), f.Hint.String())
	default:
		l.addLine(name, redisdb.GradeFail, r.Fallback.Path+": "+err.Error(), "")
	}
}

// checkPrivacy names what those who see market data only will not see.
func (l *checkList) checkPrivacy(c *config.Config, refs []datasource.Ref) {
	var who []string
	if c.Look.Private {
		who = append(who, "everybody")
	}
	for _, u := range c.Users {
		if u.Private {
			who = append(who, u.Name)
		}
	}
	if len(who) == 0 {
		return
	}
	var hidden []string
	market := false
	for i := range refs {
		if group := datasource.Group(refs[i].Name); mask.Market(&refs[i]) {
			market = true
		} else if !slices.Contains(hidden, group) {
			hidden = append(hidden, group)
		}
	}
	text, remedy := "hidden from "+strings.Join(who, ", ")+": nothing, all is market data", ""
	if len(hidden) > 0 {
		text = "hidden from " + strings.Join(who, ", ") + ": " + strings.Join(hidden, ", ")
	}
	if !market {
		remedy = "mark quotes, prices and ticks with market: true"
	}
	l.addLine("privacy", redisdb.GradeNote, text, remedy)
}

// checkTerminal says what this terminal can do.
func (l *checkList) checkTerminal(c *config.Config) {
	tty := term.IsTerminal(os.Stdout.Fd())
	if !tty {
		l.addLine("terminal", redisdb.GradeNote, "standard output is not a terminal: ticktop prints a text snapshot there", "")
		return
	}
	if os.Getenv("TERM") == "dumb" {
		l.addLine("terminal", redisdb.GradeNote, "TERM is dumb: ticktop prints a text snapshot there", "set TERM to what the terminal is")
		return
	}
	w, h, err := term.GetSize(os.Stdout.Fd())
	if err != nil {
		l.addLine("terminal", redisdb.GradeNote, "its size is unknown", "")
		return
	}
	text := fmt.Sprintf("%d×%d, %s, %s graphs", w, h, app.Profile(os.Environ(), tty, c.Look.Color), app.SymbolsFor(os.Environ(), c.Look.Symbols))
	if w < layout.MinWidth || h < layout.MinHeight {
		l.addLine("terminal", redisdb.GradeFail, text, fmt.Sprintf("make it at least %d×%d", layout.MinWidth, layout.MinHeight))
		return
	}
	l.addLine("terminal", redisdb.GradeOK, text, "")
}
