package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/snapshot"
	"ticktop/cmd/internal/sshd"
	"ticktop/datasource"
	"ticktop/ui"
	"ticktop/ui/broadcast"
)

// ServeOptions are the flags of `ticktop serve`.
type ServeOptions struct {
	Listen         string   // address of the SSH server
	Metrics        string   // address of /metrics; "" for none
	HostKey        string   // "" for one in the state directory
	AuthorizedKeys []string // files
	MaxSessions    int      // 0: as configured
	Anonymous      bool     // let anyone in; loopback only, for the demo
	Title          string
	Version        string
	Commit         string
	Memory         Memory          // of what each user changed on screen; nil: nothing is kept
	Reload         <-chan struct{} // configuration and keys are to be read again
	Reopen         func() error    // the log is to be opened again, with each Reload; may be nil
}

// drain is how long sessions have to end by themselves at a shutdown.
const drain = 3 * time.Second

// Serve shows dashboards over SSH until ctx ends. said is called once with the
// address that it listens on.
func (a *App) Serve(ctx context.Context, o ServeOptions, said func(addr net.Addr)) error {
	c := a.Config()
	keys, err := a.collectKeys(c, o)
	if err != nil {
		return err
	}
	file := o.HostKey
	if file == "" {
		file = filepath.Join(config.FindPaths(a.load.Env, "").State, "host_key")
	}
	hostKey, err := sshd.HostKey(file)
	if err != nil {
		return &UsageError{err}
	}
	hub := broadcast.NewHub(broadcast.Options{Logger: a.log})
	defer hub.Close()
	srv, err := sshd.New(sshd.Options{
		HostKey: hostKey, Keys: keys, Limits: sshLimits(c, o), Hub: hub, Log: a.log,
		Open:    func(p sshd.Principal, t sshd.Terminal) (sshd.Screen, error) { return a.openRemote(p, t, o) },
		Command: a.runCommand,
	})
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return listenError("--listen", err)
	}
	if ap, ok := l.Addr().(*net.TCPAddr); keys == nil && (!ok || !ap.IP.IsLoopback()) { // before the address is announced
		l.Close()
		return &UsageError{fmt.Errorf("--listen %s: without keys only a loopback address is served (name --authorized-keys FILE)", o.Listen)}
	}
	var servers stack
	servers.log = a.log
	if o.Metrics != "" {
		if err := a.startMetrics(ctx, &servers, srv, o); err != nil {
			l.Close()
			return err
		}
		servers.run("probe", func(ctx context.Context) error { a.probe.run(ctx, a.pingRedis); return nil })
	}
	servers.run("reload", func(ctx context.Context) error { a.reloadOn(ctx, srv, o); return nil })
	servers.run("gc", func(ctx context.Context) error { tuneGC(ctx); return nil })
	servers.run("keys", func(ctx context.Context) error { srv.WatchKeys(ctx); return nil })
	if keys != nil {
		servers.run("users", func(ctx context.Context) error { return a.followUsers(ctx, keys) })
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	said(l.Addr())
	select {
	case err = <-done:
	case <-ctx.Done():
		a.log.Info("stopping", "reason", context.Cause(ctx).Error(), "sessions", srv.Sessions())
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		ended := srv.Sessions()
		err = errors.Join(srv.Shutdown(grace), <-done)
		a.log.Info("stopped", "sessions_ended", ended, "sessions_served", srv.SessionsTotal())
	}
	return errors.Join(err, servers.close())
}

// reloadOn reads configuration and keys again, and opens the log again, whenever
// that is asked for.
func (a *App) reloadOn(ctx context.Context, srv *sshd.Server, o ServeOptions) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.Reload:
		}
		if o.Reopen != nil {
			if err := o.Reopen(); err != nil {
				a.log.Error("log not reopened", "err", err)
			}
		}
		a.log.Info("reloading", "reason", "SIGHUP")
		if a.Config().Path != "" {
			a.reloadConfig()
		}
		srv.RereadKeys()
	}
}

// collectKeys collects the users with access; nil lets anyone in.
func (a *App) collectKeys(c *config.Config, o ServeOptions) (*sshd.Keyring, error) {
	if o.Anonymous && len(o.AuthorizedKeys) == 0 {
		return nil, nil
	}
	keys, err := sshd.NewKeyring(o.AuthorizedKeys, sshUsers(c), a.log)
	if err != nil {
		return nil, &UsageError{err}
	}
	return keys, nil
}

// sshLimits are the configured ones. A number of sessions that was asked for on
// the command line, on loopback, is meant for everyone behind that address:
// a balancer, or a load test.
func sshLimits(c *config.Config, o ServeOptions) sshd.Limits {
	l := sshd.Limits{
		Connections: c.Serve.MaxSessions, PerKey: c.Serve.PerUser, PerAddress: c.Serve.PerAddress,
		Idle: c.Serve.Idle, Longest: c.Serve.MaxAge,
	}
	if o.MaxSessions > 0 {
		l.Connections = o.MaxSessions
		if host, _, err := net.SplitHostPort(o.Listen); err == nil && l.PerAddress == 0 {
			if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
				l.PerAddress = o.MaxSessions
			}
		}
	}
	return l
}

// principalOf is what a key may see. A key from a file, or a visitor of the
// demo, may see what the configuration shows.
func principalOf(p sshd.Principal) Principal {
	if !p.Known {
		return Principal{Name: p.Name}
	}
	return PrincipalOf(config.User{Name: p.Name, Vars: p.Vars, Pages: p.Pages, Private: p.Private})
}

// remote is one session's model on a shared hub.
type remote struct {
	*ui.Model
	desk *Desk
}

func (a *App) openRemote(p sshd.Principal, t sshd.Terminal, opt ServeOptions) (sshd.Screen, error) {
	c := a.Config()
	o, err := a.SessionOptions(c, t.Env, true)
	if err != nil {
		return nil, err
	}
	desk := a.Desk(principalOf(p))
	o.Desk, o.Title, o.Term, o.Rate, o.Grouped = desk, opt.Title, t.Term, roundedSteps(t.Rate), true
	o.Width, o.Height = t.Cols, t.Rows
	o.Alerts = a.ownAlerts()
	desk.pins = NewPins(a.load, "", nil, a.log)
	o.Browser = a.keyBrowser(desk.principal, desk.pins)
	recall(&o, opt.Memory, memoryKey(p), c.Name)
	m := ui.New(o)
	if err := m.Err(); err != nil {
		m.Close()
		return nil, err
	}
	return remote{m, desk}, nil
}

// roundedSteps rounds a rate down to 1, 2 or 5 times a power of ten and keeps it until
// it has clearly moved: sessions that are sent the same bytes show the same
// figure, and so the same picture.
func roundedSteps(rate func() float64) func() float64 {
	shown := 0.0
	return func() float64 {
		r := rate()
		if r > shown*0.8 && r < shown*2.8 {
			return shown
		}
		shown = 0
		for unit := 1.0; unit <= r; unit *= 10 {
			for _, f := range []float64{1, 2, 5} {
				if f*unit <= r {
					shown = f * unit
				}
			}
		}
		return shown
	}
}

// SharedView implements sshd.Screen.
func (r remote) SharedView() (broadcast.View, bool) {
	p := r.Frame()
	if !p.Shared {
		return broadcast.View{}, false
	}
	vars := r.Vars()
	return broadcast.View{
		Key: p.Key, W: p.W, H: p.H, Render: p.Render,
		Open: func() (datasource.Feed, error) {
			_, feed, err := r.desk.Open(vars)
			return feed, err
		},
	}, true
}

const commandHelp = `Reads everything the dashboard needs once and prints it, with your rights.

  ssh HOST snapshot [--format text|json|csv] [--account ID] [--private]

Exit status: 0 all live; 3 printed, but something is fallback, stale, missing or
error; 4 nothing could be read from any source; 2 usage.
`

// runCommand is what ssh runs without a terminal: a snapshot, and nothing else.
func (a *App) runCommand(ctx context.Context, p sshd.Principal, args []string, stdout, stderr io.Writer) int {
	fail := func(text string) int {
		fmt.Fprintf(stderr, "ticktop: %s\n", datasource.Clean(text, 400))
		return 2
	}
	if args[0] != "snapshot" {
		return fail("only snapshot can be run here (ssh HOST snapshot --format json)")
	}
	flags := pflag.NewFlagSet("snapshot", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	format := flags.String("format", "text", "")
	account := flags.String("account", "", "")
	private := flags.Bool("private", false, "")
	switch err := flags.Parse(args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, commandHelp)
		return 0
	case err != nil:
		return fail(err.Error())
	}
	if flags.NArg() > 0 {
		return fail("snapshot takes no argument")
	}
	var vars map[string][]string
	if *account != "" {
		vars = map[string][]string{"account": {*account}}
	}
	who := principalOf(p)
	snap, refs, err := a.Once(ctx, who, vars)
	if err != nil {
		return fail(err.Error())
	}
	c := a.Config()
	o := snapshot.Options{Config: c.Name, Refs: refs, Private: *private || who.Private || c.Look.Private, Now: time.Now()}
	if err := snapshot.Write(stdout, *format, snap, o); err != nil {
		return fail(err.Error())
	}
	return snapshot.Status(snap)
}

// listenError is a mistake of the command line where the address isn't one, and a
// failure where the machine does not give it: a port that is taken, say.
func listenError(flag string, err error) error {
	err = fmt.Errorf("%s: %w", flag, err)
	var refused *os.SyscallError
	if errors.As(err, &refused) {
		return err
	}
	return &UsageError{err}
}

// startMetrics starts /metrics, /healthz and /readyz.
func (a *App) startMetrics(ctx context.Context, servers *stack, srv *sshd.Server, o ServeOptions) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.Metrics)
	if err != nil {
		return listenError("--metrics", err)
	}
	ops := sshd.NewOps(srv, append(a.gauges(), buildInfo(o.Version, o.Commit)), a.readyError)
	go func() {
		if err := ops.Serve(l); err != nil {
			a.log.Error("metrics stopped", "err", err)
		}
	}()
	servers.push("metrics", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return ops.Shutdown(ctx)
	})
	a.log.Info("metrics", "addr", l.Addr().String())
	return nil
}
