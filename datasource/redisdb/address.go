package redisdb

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource/mask"
)

// DefaultURL is used where no URL is given.
const DefaultURL = "redis://localhost:6379/0"

// target is a parsed URL: either single or cluster is set.
type target struct {
	scheme   string
	tls      bool
	single   *redis.Options
	sentinel *sentinelConfig // how to find the master; nil: single has the address
	cluster  *redis.ClusterOptions
	shown    string // redacted
	user     string
	password string
	files    tlsFiles // named in the query
	query    struct{ user, password string }
}

// sentinelConfig are the sentinels of a URL.
type sentinelConfig struct {
	addrs          []string
	master         string
	user, password string // their own
}

const schemes = "redis://, rediss://, unix://, redis-sentinel:// or redis-cluster://"

// parse reads every form of URL. Errors never hold the password.
func parse(raw string) (*target, error) {
	if raw = trimQuotes(raw); raw == "" {
		raw = DefaultURL
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return nil, fmt.Errorf("redis url %q has no scheme: write %s", mask.URL(raw), schemes)
	}
	t := &target{shown: mask.URL(raw)}
	var err error
	if t.scheme, rest, err = t.normalizeURL(scheme, rest); err != nil {
		return nil, fmt.Errorf("redis url %q: %w", t.shown, err)
	}
	switch t.scheme {
	case "redis", "rediss":
		t.tls = t.scheme == "rediss"
		t.single, err = redis.ParseURL(t.scheme + "://" + rest)
	case "unix":
		t.single, err = redis.ParseURL("unix://" + rest)
	case "redis-sentinel", "rediss-sentinel":
		err = t.parseSentinel(rest)
	case "redis-cluster", "rediss-cluster":
		err = t.parseCluster(rest)
	default:
		return nil, fmt.Errorf("redis url %q: unknown scheme: write %s", t.shown, schemes)
	}
	if err != nil {
		return nil, fmt.Errorf("redis url %q: %s", t.shown, withoutSecrets(err))
	}
	t.fillCredentials()
	return t, nil
}

func (t *target) fillCredentials() {
	if t.cluster != nil {
		t.user, t.password = t.cluster.Username, t.cluster.Password
	} else {
		t.user, t.password = t.single.Username, t.single.Password
	}
	t.user, t.password = or(t.user, t.query.user), or(t.password, t.query.password)
}

// multiHostURL is a URL whose authority names several hosts, which net/url refuses.
type multiHostURL struct {
	user  string // with its '@', as written
	hosts []string
	path  string
	query url.Values
}

func splitHosts(rest, port string) (m multiHostURL, err error) {
	rest, query, _ := strings.Cut(rest, "?")
	if m.query, err = url.ParseQuery(query); err != nil {
		return m, errors.New("the query cannot be read")
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		m.user, rest = rest[:i+1], rest[i+1:]
	}
	hosts, path, _ := strings.Cut(rest, "/")
	m.path = strings.TrimSuffix(path, "/")
	for h := range strings.SplitSeq(hosts, ",") {
		if h = strings.TrimSpace(h); h == "" {
			return m, errors.New("an address is empty")
		}
		if !strings.Contains(strings.TrimPrefix(h, "["), ":") || strings.HasSuffix(h, "]") {
			h += ":" + port
		}
		m.hosts = append(m.hosts, h)
	}
	return m, nil
}

// singleHostURL writes the URL as go-redis reads it: one host, the others as addr=.
func (m multiHostURL) singleHostURL(tls bool, path string) string {
	scheme := "redis"
	if tls {
		scheme = "rediss"
	}
	q := m.query
	for _, h := range m.hosts[1:] {
		q.Add("addr", h)
	}
	return scheme + "://" + m.user + m.hosts[0] + path + "?" + q.Encode()
}

// parseSentinel reads host:port,…/master[/db]; the sentinels' own credentials
// are the query options sentinel_username and sentinel_password.
func (t *target) parseSentinel(rest string) error {
	t.tls = t.scheme == "rediss-sentinel"
	m, err := splitHosts(rest, "26379")
	if err != nil {
		return err
	}
	master, db, _ := strings.Cut(m.path, "/")
	if _, err := strconv.Atoi(master); err == nil && db == "" && m.query.Has("master_name") { // kombu: h:p/0?master_name=m
		master, db = "", master
	}
	if master, err = url.PathUnescape(master); err != nil {
		return errors.New("the master's name cannot be read")
	}
	if master = or(master, m.query.Get("master_name")); master == "" {
		return errors.New("the master's name is missing: write redis-sentinel://host:port,host:port/master/db")
	}
	t.sentinel = &sentinelConfig{
		addrs: append(m.hosts, m.query["addr"]...), master: master,
		user: m.query.Get("sentinel_username"), password: m.query.Get("sentinel_password"),
	}
	for _, option := range []string{"master_name", "addr", "sentinel_username", "sentinel_password"} {
		m.query.Del(option)
	}
	m.hosts = m.hosts[:1]
	if db != "" {
		db = "/" + db
	}
	t.single, err = redis.ParseURL(m.singleHostURL(t.tls, db))
	return err
}

// parseCluster reads host:port,…; a cluster has database 0 only.
func (t *target) parseCluster(rest string) error {
	t.tls = t.scheme == "rediss-cluster"
	m, err := splitHosts(rest, "6379")
	if err != nil {
		return err
	}
	if m.path != "" && m.path != "0" {
		return errors.New("a cluster has database 0 only")
	}
	t.cluster, err = redis.ParseClusterURL(m.singleHostURL(t.tls, ""))
	return err
}

func tlsScheme(scheme string) string {
	if scheme == "unix" {
		return "rediss"
	}
	return strings.Replace(scheme, "redis", "rediss", 1)
}

// withoutSecrets returns the innermost cause: net/url and go-redis repeat the
// whole URL in what they wrap around it.
func withoutSecrets(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
		if strings.Contains(err.Error(), "userinfo") || strings.Contains(err.Error(), "invalid port") || strings.Contains(err.Error(), "escape") {
			return "user, password or port cannot be read: write special characters as %XX"
		}
	}
	text := strings.TrimPrefix(err.Error(), "redis: ")
	// A part of the URL with an '@' in it can hold the password, where a slash
	// too many made another part of it.
	if what, quoted, ok := strings.Cut(text, ": "); ok && strings.Contains(quoted, "@") {
		return what
	}
	return text
}
