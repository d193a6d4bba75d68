package discover

import (
	"slices"
	"strings"
)

// noiseWords are words of keys that no trader looks at, with what they are.
var noiseWords = map[string]string{
	"lock": "locks", "locks": "locks", "mutex": "locks", "semaphore": "locks", "redlock": "locks", "leader": "locks",
	"dedup": "dedupe marks", "dedupe": "dedupe marks", "seen": "dedupe marks", "processed": "dedupe marks", "nonce": "dedupe marks", "cooldown": "dedupe marks", "idempotency": "dedupe marks", "debounce": "dedupe marks",
	"ratelimit": "rate limits", "throttle": "rate limits", "limiter": "rate limits",
	"csrf":    "sessions",
	"unacked": "kombu", "reply": "kombu",
	"rq": "task queues", "arq": "task queues", "bull": "task queues", "bullmq": "task queues", "sidekiq": "task queues", "dramatiq": "task queues", "resque": "task queues", "huey": "task queues", "taskiq": "task queues",
}

// noisePrefixes are beginnings of keys of well-known libraries.
var noisePrefixes = []struct{ prefix, what string }{
	{"celery-task-meta-", "task results"}, {"celery-taskset-meta-", "task results"}, {"_kombu.", "kombu"}, {"unacked", "kombu"}, {"celery", "Celery"}, {"flower", "Celery"},
	{"asgi", "channels (asgi)"}, {"specific.", "channels (asgi)"}, {"spring:session:", "sessions"}, {"PHPREDIS_SESSION:", "sessions"},
	{"ticktop:", "ticktop's own"}, {"__keyspace@", "keyspace events"}, {"__keyevent@", "keyspace events"}, {"__sentinel__", "sentinel"}, {"/0.celeryev", "Celery"},
}

// noiseReason says why keys like this one are left out; "" for those that are not.
func noiseReason(f *family) string {
	key := f.keys[0]
	for _, p := range noisePrefixes {
		if strings.HasPrefix(key, p.prefix) {
			return p.what
		}
	}
	for _, inside := range []struct{ text, what string }{
		{"django.contrib.sessions", "sessions"}, {".celeryev/", "Celery"}, {"celery.pidbox", "Celery"}, {"template.cache", "cached pages"}, {"views.decorators.cache", "cached pages"}, {"channels_redis", "channels (asgi)"},
	} {
		if strings.Contains(key, inside.text) {
			return inside.what
		}
	}
	if isSecret(lastWords(f)) {
		return "secrets"
	}
	hints := f.keyHints()
	for _, h := range hints {
		if what := noiseWords[h]; what != "" {
			return what
		}
	}
	if slices.Contains(hints, "hash") && f.kind == "string" || slices.Contains(hints, "rate") && slices.Contains(hints, "limit") {
		return "dedupe marks"
	}
	if hasHint(hints, "sess", "session", "sessions") && slices.ContainsFunc(f.parts, func(p piece) bool { return p.class == pieceElement && len(p.text) >= 16 }) {
		return "sessions"
	}
	for _, p := range f.parts {
		if p.class == pieceInstant {
			return "one key for each event"
		}
		if p.class == pieceDate && (strings.HasSuffix(p.form, "%S") || strings.HasSuffix(p.form, "%M")) && f.kind != kindChannel {
			return "one key for each minute or event"
		}
	}
	return ""
}

// lastWords are the words of a key behind its last colon and before: "api:keys"
// and "api_keys" read the same.
func lastWords(f *family) string {
	var b strings.Builder
	for _, p := range f.parts {
		switch p.class {
		case pieceWord:
			b.WriteString(p.text)
		case pieceElement:
			b.WriteString("|")
		case pieceSep, pieceDate, pieceInstant:
		}
	}
	return b.String()
}
