package models

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// found is what discover must make of a model.
type found struct {
	config []string // texts that the configuration must have
	never  []string // patterns that it must not have
	screen []string // patterns of what the first screen must show
}

// pinned are parts of keys that no configuration may name: days, ids, moments.
var pinned = regexp.MustCompile(`20\d\d-?[01]\d-?[0-3]\d|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}|1[5-9]\d{8}`)

var discoveries = map[string]found{
	"zq": {
		config: []string{`string: "latest_tick:{symbol}"`, `live: "pulse:ticks:{symbol}"`, `"equity:intraday:{now:%Y%m%d}"`, `"risk_metrics:{now:%Y%m%d_%H}"`, "type: account, data: account", "type: quotes, data: quote", "type: positions, data: positions", "type: area, data: equity_intraday"},
		never:  []string{"tick_hash", "cooldown:[0-9a-f]", "processed:"},
		screen: []string{`48,9\d\d\.\d\d`, `EURUSD +1\.08`, `GBPUSD +1\.27`, `USDJPY +156\.`, `XAUUSD +2,40`, `Positions · 2 open`, `XAUUSD +SELL`, `stop_loss|STOP_LOSS|Position 9001`},
	},
	"z1": {
		config: []string{`live: "mt5:{symbol}"`, "type: account, data: account", "type: quotes, data: quote", "type: candles"},
		screen: []string{`Equity +48,`, `Balance +48,250\.75`, `EURUSD +1\.08`, `XAUUSD +2,40`},
	},
	"gemini": {
		config: []string{`hash: "GEMINI_{symbol}_bid"`, "type: depth, bids: gemini_bid, asks: gemini_ask"},
		screen: []string{`97,2\d\d`, `97,1\d\d|97,2[01]\d`},
	},
	"viabtc": {
		config: []string{`string: "k:{symbol}:last"`, "columns: [open, close, high, low, volume, deal]", "type: candles, data: k_1m"},
		screen: []string{`BTCUSDT +97,`, `ETHUSDT +3,4`, `LTCBTC +0\.0009`},
	},
	"orders": {
		config: []string{`set: "binance:symbols"`, `live: {channel: "trades", pick: "data"}`},
		never:  []string{"processed:[A-Z]"},
		screen: []string{`BTCUSDT +97,`, `ETHUSDT +3,4`, `SOLUSDT +23[01]`},
	},
	"cfeed": {
		config: []string{`"ticker-COINBASE-{symbol}"`, "type: quotes, data: quote", "type: depth"},
		screen: []string{`BTC-USD +97,`, `ETH-USD +3,4`},
	},
	"dj": {
		config: []string{`":1:price_{symbol}.NS"`, "type: quotes, data: quote", "# Left out"},
		never:  []string{"string: \".*sessions", "celery-task"},
		screen: []string{`AAPL +231\.`, `MSFT +424`, `NVDA +141`, `TSLA +338`},
	},
	"tboost": {
		config: []string{`set: "positions:active"`, `"price:okx:{symbol}"`, "type: positions, data: positions"},
		never:  []string{"12345", "67890", "AKIA", "api:keys"},
		screen: []string{`BTC-USDT +97,`, `Positions · 6 open`, `ETH-USDT +3,4`, `9\d,[0-9]{3} +open`},
	},
	"qts": {
		config: []string{`"METRICS:TOTAL_VALUE"`, "type: account, data: account", "type: candles, data: market_ohlcv", "type: table, data: positions"},
		screen: []string{`BTC_USDT +97,`, `ETH_USDT +3,4`, `Cash +52,000`, `BTC/USDT`, `FILLED`},
	},
	"tsd": {
		config: []string{`json: "account:{accounts}", pick: "positions"`, `timeseries: "INTRADAYPRICES:{symbol}"`, "type: quotes, data: quote"},
		never:  []string{"70423"},
		screen: []string{`Equity +1,010`, `GS +581`, `CAT +402`},
	},
}

// TestDiscover_IsAcceptedByCheck: the configuration that discover prints is one
// that check accepts with what is in Redis; it pins nothing and prints no secret.
func TestDiscover_IsAcceptedByCheck(t *testing.T) {
	for i := range models {
		m := &models[i]
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			s := m.server(t)
			stop := m.produceOn(t, s)
			defer stop()
			file := discovered(t, m, s)
			if out, err := command(t, "check", "--config", file, "--redis", s.URL()); err != nil || strings.Contains(out, "FAIL") {
				t.Errorf("check: %v\n%s", err, out)
			}
		})
	}
}

// TestFirstScreen_ShowsTheModel: plain ticktop on a terminal of 120×40 shows a
// trader of each model what there is, without any configuration.
func TestFirstScreen_ShowsTheModel(t *testing.T) {
	for i := range models {
		m := &models[i]
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			s := m.server(t)
			stop := m.produceOn(t, s)
			defer stop()
			p := openTerminal(t, 120, 40, program(t), "--redis", s.URL())
			for _, want := range discoveries[m.Name].screen {
				p.waitFor(t, want)
			}
			p.sees(t, `values? failed|no data`, false)
		})
	}
}

// discovered is the file that discover prints for a model.
func discovered(t *testing.T, m *Model, s *servertest.Server) string {
	t.Helper()
	out, err := command(t, "discover", "--redis", s.URL(), "--listen", "1500ms")
	if err != nil {
		t.Fatalf("discover: %v\n%s", err, out)
	}
	want := discoveries[m.Name]
	for _, text := range want.config {
		if !strings.Contains(out, text) {
			t.Errorf("missing: %s", text)
		}
	}
	settings := withoutComments(out)
	for _, pattern := range want.never {
		if found := regexp.MustCompile(pattern).FindString(settings); found != "" {
			t.Errorf("%q is in the configuration", found)
		}
	}
	for _, secret := range m.Secret {
		if strings.Contains(out, secret) {
			t.Errorf("the secret %q is printed", secret)
		}
	}
	if found := pinned.FindString(settings); found != "" {
		t.Errorf("%q is pinned", found)
	}
	if t.Failed() {
		t.Log(out)
	}
	file := filepath.Join(t.TempDir(), "found.yaml")
	if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		before, _, _ := strings.Cut(line, "  #")
		if !strings.HasPrefix(line, "#") {
			b.WriteString(before + "\n")
		}
	}
	return b.String()
}

// produceOn lets the model's producer write twice a second until it is stopped.
func (m *Model) produceOn(t *testing.T, s *servertest.Server) (stop func()) {
	t.Helper()
	w := &Writer{t: t, conn: s.Dial()}
	write := func() {
		w.now = time.Now()
		w.Round++
		m.Write(w)
	}
	for range 3 {
		write()
		time.Sleep(2 * time.Millisecond)
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(500 * time.Millisecond):
				write()
			}
		}
	}()
	return sync.OnceFunc(func() { close(done); <-ended })
}

// program builds ticktop once.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TICKTOP_BINARY"); path != "" {
		return path
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "ticktop")
	out, err := exec.Command("go", "build", "-o", path, "ticktop/cmd/ticktop").CombinedOutput()
	if err != nil {
		err = &exec.ExitError{Stderr: out}
	}
	return path, err
})

var buildDir string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ticktop-models")
	if err != nil {
		panic(err)
	}
	buildDir = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// command runs ticktop as a user that has nothing configured would.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t), args...)
	cmd.Dir, cmd.Env = t.TempDir(), userEnv(t.TempDir())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		out.Write(errs.Bytes())
	}
	return out.String(), err
}

// userEnv is the environment of somebody with an empty home.
func userEnv(home string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CONFIG_HOME=" + home, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8", "TZ=" + os.Getenv("TZ")}
}
