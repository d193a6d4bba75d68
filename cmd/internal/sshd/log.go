package sshd

import (
	"context"
	"log/slog"
	"sync/atomic"

	"golang.org/x/time/rate"

	"ticktop/datasource"
)

// safeLog makes text from a client fit for a log line: no control characters,
// no newline that forges another line, and short.
func safeLog(s string) string { return datasource.Clean(s, 256).String() }

// rateLimitedLog writes log lines that anybody can cause without a key: so many a second
// and no more, or a stranger fills the disk. What was left out is counted in the
// next line.
type rateLimitedLog struct {
	log     *slog.Logger
	level   slog.Level
	pace    *rate.Limiter
	skipped atomic.Uint64
}

func newRateLimitedLog(log *slog.Logger, level slog.Level) *rateLimitedLog {
	return &rateLimitedLog{log: log, level: level, pace: rate.NewLimiter(2, 50)}
}

func (n *rateLimitedLog) line(msg string, args ...any) {
	if !n.pace.Allow() {
		n.skipped.Add(1)
		return
	}
	if more := n.skipped.Swap(0); more > 0 {
		args = append(args, "skipped", more)
	}
	n.log.Log(context.Background(), n.level, msg, args...)
}
