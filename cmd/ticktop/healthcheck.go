package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// healthTimeout bounds one health check.
const healthTimeout = 5 * time.Second

// newHealthcheck asks a running server for its readiness: for containers, which
// have no curl.
func newHealthcheck() *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a running serve whether it is ready",
		Long: `Asks the address that serve got with --metrics whether it is ready. Exit status:
0 ready, 1 not ready or no answer.`,
		Example: "  ticktop healthcheck --metrics 127.0.0.1:9222",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runHealthcheck(cmd.Context(), address)
		},
	}
	cmd.Flags().StringVar(&address, "metrics", "127.0.0.1:9222", "`ADDRESS` of the server's metrics")
	return cmd
}

func runHealthcheck(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return usagef("--metrics %q is not an address such as 127.0.0.1:9222", address)
	}
	if host == "" || host == "0.0.0.0" || host == "::" { // what a server listens on
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return usagef("--metrics %q is not an address such as 127.0.0.1:9222", address)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no answer from %s: is serve running with --metrics %s?", address, address)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(res.Body, 200))
		return fmt.Errorf("not ready: %s", why)
	}
	return nil
}
