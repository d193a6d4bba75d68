package redisdb

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// libraryLog is where go-redis writes: its logger is one for the process, and
// by default writes to the standard error, over the screen.
var libraryLog atomic.Pointer[slog.Logger]

// logTo sends the library's log lines to l from now on.
func logTo(l *slog.Logger) {
	if libraryLog.Swap(l) == nil {
		redis.SetLogger(libraryLogger{})
	}
}

type libraryLogger struct{}

// Printf implements go-redis' logger. Its lines may hold what a server said.
func (libraryLogger) Printf(ctx context.Context, format string, v ...any) {
	if l := libraryLog.Load(); l != nil && l.Enabled(ctx, slog.LevelDebug) {
		l.DebugContext(ctx, "go-redis", "line", datasource.Clean(fmt.Sprintf(format, v...), datasource.MaxCell).String())
	}
}
