//go:build bench

package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestSampler compares with sqshq/sampler, where it is installed: 24 quotes as
// text boxes, one redis-cli a value and second, against ticktop with the same
// 24 quotes. What sampler starts counts as its own.
func TestSampler(t *testing.T) {
	sampler, err := exec.LookPath("sampler")
	if err != nil {
		t.Skip("sampler is not installed")
	}
	srv, bin := servertest.Redis(t), build(t)
	conn := srv.Dial()
	write := func(i int) {
		for _, s := range symbols {
			if _, err := conn.Do("SET", "quote:"+s, fmt.Sprintf(`{"bid":"1.77777","ask":"1.%05d"}`, i)); err != nil {
				t.Error(err)
			}
		}
	}
	write(0)
	stop, done := make(chan struct{}), make(chan struct{})
	defer func() { close(stop); <-done }()
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			case <-tick.C:
				write(i)
			}
		}
	}()
	_, port, _ := strings.Cut(srv.Addr(), ":")
	file := samplerConfig(t, port)
	programs := []func() *exec.Cmd{
		func() *exec.Cmd {
			return exec.Command(bin, "--redis", srv.URL(), "--var", "symbols="+strings.Join(symbols, ","))
		},
		func() *exec.Cmd { return exec.Command(sampler, "-c", file) },
	}
	var all [2][]run
	for range 5 {
		for i, p := range programs {
			all[i] = append(all[i], inTerminal(t, "1.77777", p()))
		}
	}
	cpu := func(i int) float64 { return median(all[i], func(r run) float64 { return r.cpu }) }
	first := func(i int) float64 { return median(all[i], func(r run) float64 { return ms(r.first) }) }
	fmt.Printf("24 values a second: ticktop %.2f %% of a core, first value after %.0f ms; sampler %.2f %%, %.0f ms; ratios 1/%.1f and 1/%.1f\n",
		100*cpu(0)/span.Seconds(), first(0), 100*cpu(1)/span.Seconds(), first(1), cpu(1)/cpu(0), first(1)/first(0))
}

func samplerConfig(t *testing.T, port string) string {
	var b strings.Builder
	b.WriteString("textboxes:\n")
	for i, s := range symbols {
		fmt.Fprintf(&b, "  - {title: %s, rate-ms: 1000, position: [[%d, %d], [20, 10]], sample: redis-cli -p %s get quote:%s}\n", s, 20*(i%4), 6*(i/4), port, s)
	}
	file := filepath.Join(t.TempDir(), "sampler.yml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
