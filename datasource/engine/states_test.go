package engine

import (
	"testing"
	"time"

	"ticktop/datasource"
)

func TestLiveFallbackLive(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1.10", 0)
		w.api.put("/api/flags/x/", "7")
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(0)
		w.is(f, "flag", datasource.StateLive, "1.10")
		w.redis.del("flag:x")
		w.after(1001 * time.Millisecond)
		w.is(f, "flag", datasource.StateFallback, "7")
		w.redis.set("flag:x", "2", 0)
		w.after(1001 * time.Millisecond)
		w.is(f, "flag", datasource.StateLive, "2")
	})
}
