package redisdb

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Other clients spell the same address in other ways. What redis-py, Celery,
// kombu and Valkey write is turned here into what parse reads.

// schemeNames are the other names of schemes.
var schemeNames = map[string]string{
	"valkey": "redis", "valkeys": "rediss", "redis+tls": "rediss", "redis+ssl": "rediss",
	"redis+socket": "unix", "redis+unix": "unix", "valkey+socket": "unix", "unix+socket": "unix",
	"sentinel": "redis-sentinel", "redis+sentinel": "redis-sentinel", "rediss+sentinel": "rediss-sentinel",
	"redis+cluster": "redis-cluster", "rediss+cluster": "rediss-cluster", "valkey-cluster": "redis-cluster", "valkey-sentinel": "redis-sentinel",
}

// trimQuotes removes blanks and the quotes that a value may bring with it from a
// file that does not know them.
func trimQuotes(raw string) string {
	raw = strings.TrimSpace(raw)
	for len(raw) >= 2 && (raw[0] == '"' || raw[0] == '\'') && raw[len(raw)-1] == raw[0] {
		raw = strings.TrimSpace(raw[1 : len(raw)-1])
	}
	return raw
}

// normalizeURL turns a URL into a form that parse reads, and notes in t what has no
// place in it.
func (t *target) normalizeURL(scheme, rest string) (string, string, error) {
	name := strings.ToLower(scheme)
	if known, ok := schemeNames[name]; ok {
		if known == "redis-sentinel" && strings.Contains(rest, ";") {
			rest = kombuSentinels(rest)
		}
		name = known
	}
	if err := misplacedAt(name, rest); err != nil {
		return name, rest, err
	}
	body, query, has := strings.Cut(rest, "?")
	if !has {
		return name, rest, nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return name, rest, errors.New("the query cannot be read")
	}
	if err := t.translateOptions(values); err != nil {
		return name, rest, err
	}
	if len(values) == 0 {
		return name, body, nil
	}
	return name, body + "?" + values.Encode(), nil
}

// kombuSentinels turns "h:p/0;sentinel://h:p/0?…" into "h:p,h:p/0?…".
func kombuSentinels(rest string) string {
	rest, query, has := strings.Cut(rest, "?")
	user, path := "", ""
	var hosts []string
	for part := range strings.SplitSeq(rest, ";") {
		if _, after, ok := strings.Cut(part, "://"); ok {
			part = after
		}
		if i := strings.LastIndexByte(part, '@'); i >= 0 {
			user, part = part[:i+1], part[i+1:]
		}
		host, tail, _ := strings.Cut(part, "/")
		if host == "" {
			continue
		}
		hosts = append(hosts, host)
		if tail != "" {
			path = tail
		}
	}
	out := user + strings.Join(hosts, ",")
	if path != "" {
		out += "/" + path
	}
	if has {
		out += "?" + query
	}
	return out
}

// errPassword explains a password in a part of the URL that has none.
var errPassword = errors.New(`a "@" stands where no address ends: write a password behind a colon, special characters as %XX: redis://:PASSWORD@h`)

// misplacedAt refuses an "@" behind the address: before it stands a password
// with a "/", "?" or "#", which would be read as a host.
func misplacedAt(scheme, rest string) error {
	if scheme == "unix" {
		return nil
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return nil
	}
	tail := rest[end:]
	path, query, _ := strings.Cut(tail, "?")
	if strings.ContainsAny(path, "@") {
		return errPassword
	}
	for option := range strings.SplitSeq(query, "&") {
		name, value, has := strings.Cut(option, "=")
		if strings.Contains(name, "@") || !has && strings.Contains(value, "@") {
			return errPassword
		}
		if strings.Contains(value, "@") && !strings.Contains(name, "password") && !strings.Contains(name, "username") && name != "client_name" {
			return errPassword
		}
	}
	return nil
}

// ignoredOptions mean nothing to a client that only reads.
var ignoredOptions = []string{
	"decode_responses", "health_check_interval", "retry_on_timeout", "retry_on_error", "encoding", "encoding_errors", "charset", "errors",
	"socket_keepalive", "socket_keepalive_options", "socket_type", "socket_read_size", "single_connection_client", "lib_name", "lib_version",
	"ssl_check_hostname", "ssl_min_version", "ssl_keyfile_password", "global_keyprefix", "visibility_timeout", "timeout", "retry", "name",
	"fanout_prefix", "fanout_patterns", "unix_socket_path",
}

// translateOptions takes the options of other clients out of a query, or turns them
// into those of go-redis.
func (t *target) translateOptions(q url.Values) error {
	for _, name := range ignoredOptions {
		q.Del(name)
	}
	if v, ok := takeOption(q, "ssl_cert_reqs"); ok {
		switch strings.ToLower(strings.TrimPrefix(strings.ToLower(v), "cert_")) {
		case "none", "0", "false":
			t.files.insecure = true
		case "required", "optional", "1", "2", "true":
		default:
			return fmt.Errorf("ssl_cert_reqs=%s: use none or required", v)
		}
	}
	for name, dst := range map[string]*string{"ssl_ca_certs": &t.files.ca, "ssl_certfile": &t.files.cert, "ssl_keyfile": &t.files.key} {
		if v, ok := takeOption(q, name); ok {
			*dst = v
		}
	}
	for name, to := range map[string][]string{"socket_connect_timeout": {"dial_timeout"}, "socket_timeout": {"read_timeout", "write_timeout"}} {
		v, ok := takeOption(q, name)
		if !ok || strings.EqualFold(v, "none") {
			continue
		}
		d, err := parseSeconds(v)
		if err != nil {
			return fmt.Errorf("%s=%s: %w", name, v, err)
		}
		for _, name := range to {
			if !q.Has(name) {
				q.Set(name, d.String())
			}
		}
	}
	if v, ok := takeOption(q, "max_connections"); ok && !strings.EqualFold(v, "none") {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return fmt.Errorf("max_connections=%s: a whole number of at least 1", v)
		}
		q.Set("pool_size", strconv.Itoa(min(n, poolSize)))
		q.Set("max_active_conns", strconv.Itoa(min(n, maxActive)))
	}
	if v, ok := takeOption(q, "virtual_host"); ok {
		q.Set("db", strings.TrimPrefix(v, "/"))
	}
	t.query.user, _ = takeOption(q, "username")
	t.query.password, _ = takeOption(q, "password")
	return nil
}

// takeOption removes an option and returns its last value.
func takeOption(q url.Values, name string) (string, bool) {
	for have := range q {
		if strings.EqualFold(have, name) {
			v := q[have][len(q[have])-1]
			q.Del(have)
			return v, true
		}
	}
	return "", false
}

// parseSeconds reads seconds as Python writes them, or a Go duration.
func parseSeconds(s string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1e6 {
		return time.Duration(f * float64(time.Second)), nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return d, nil
	}
	return 0, errors.New("a number of seconds")
}

// CheckURL reports whether a URL can be read. The error never holds a secret.
func CheckURL(raw string) error {
	_, err := parse(raw)
	return err
}
