package redisdb

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"reflect"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// maxFaultText is the longest line of a fault, in bytes.
const maxFaultText = 200

// fault makes a Fault of an error. command and key say what was asked, for
// errors that are about one of them.
func (c *Client) fault(err error, command, key string) *datasource.Fault {
	return c.asSwitching(classify(err, datasource.SourceRedis, command, key, c.user))
}

// asSwitching tells a master that is gone from a server that is gone: behind
// sentinels another one takes its place.
func (c *Client) asSwitching(f *datasource.Fault) *datasource.Fault {
	if scheme, _, _ := strings.Cut(c.shown, "://"); !strings.HasSuffix(scheme, "-sentinel") {
		return f
	}
	switch f.Class {
	case datasource.ClassRefused, datasource.ClassClosed, datasource.ClassTimeout:
		return newFault(f.Source, datasource.ClassSwitching, "switching (master: "+f.Error()+")", "the sentinels choose another master: wait", f.Err)
	}
	return f
}

func newFault(source datasource.SourceID, class datasource.Class, text, hint string, err error) *datasource.Fault {
	return &datasource.Fault{
		Class: class, Source: source, Err: err,
		Text: datasource.Clean(text, maxFaultText), Hint: datasource.Clean(hint, maxFaultText),
	}
}

func classify(err error, source datasource.SourceID, command, key, user string) *datasource.Fault {
	var known *datasource.Fault
	if errors.As(err, &known) {
		return known
	}
	if f := turnedAway(err); f != nil {
		return f
	}
	var reply redis.Error
	if errors.As(err, &reply) && !errors.Is(err, redis.Nil) {
		return classifyReply(reply.Error(), err, source, command, key, user)
	}
	class, text, hint := classifyNet(err)
	return asking(newFault(source, class, text, hint, err), command, key)
}

// asking notes in a fault what was asked of Redis.
func asking(f *datasource.Fault, command, key string) *datasource.Fault {
	f.Command, f.Key = command, key
	return f
}

// hintLogin says how a password is written: one in front of the host without a
// colon is a user's name.
const hintLogin = "write a password behind a colon: redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST; or set redis: {password_file: …}"

// replyClass tells the class of a server's error by its first word.
var replyClass = []struct {
	prefix     string
	class      datasource.Class
	text, hint string
}{
	{"WRONGPASS", datasource.ClassAuth, "wrong password", hintLogin},
	{"NOAUTH", datasource.ClassAuth, "password needed", hintLogin},
	{"ERR invalid password", datasource.ClassAuth, "wrong password", hintLogin},
	{"ERR AUTH ", datasource.ClassAuth, "password refused: the server has none", "leave the password out of REDIS_URL"},
	{"WRONGTYPE", datasource.ClassWrongType, "wrong type", "the key holds another type than configured"},
	{"LOADING", datasource.ClassLoading, "loading", "the server reads its data from disk: wait"},
	{"MASTERDOWN", datasource.ClassLoading, "masterdown", "this replica lost its master and serves no stale data"},
	{"BUSY", datasource.ClassLoading, "busy with a script", "wait, or SCRIPT KILL"},
	{"TRYAGAIN", datasource.ClassLoading, "slot is moving", "wait"},
	{"CLUSTERDOWN", datasource.ClassCluster, "clusterdown", "a part of the cluster is down: see CLUSTER INFO"},
	{"MOVED", datasource.ClassCluster, "this is a cluster", "write redis-cluster://host:port"},
	{"ASK ", datasource.ClassCluster, "slot is moving", "wait"},
	{"CROSSSLOT", datasource.ClassCluster, "this is a cluster", "write redis-cluster://host:port"},
	{"READONLY", datasource.ClassPermission, "read-only replica", "writing needs the master"},
	{"DENIED", datasource.ClassPermission, "refused by protected mode", "bind the server to an address, or set a password"},
	{"ERR max number of clients", datasource.ClassRefused, "refused: too many clients", "raise maxclients"},
	{"ERR DB index", datasource.ClassConfig, "no such database", "fix the number at the end of REDIS_URL"},
	{"ERR Client sent AUTH", datasource.ClassAuth, "password refused: the server has none", "leave the password out of REDIS_URL"},
	{"ERR This instance has cluster support disabled", datasource.ClassConfig, "this is no cluster", "write redis://host:port"},
	{"ERR No such master with that name", datasource.ClassConfig, "no sentinel knows the master", "fix the master's name in REDIS_URL"},
	{"ERR unknown command 'SENTINEL'", datasource.ClassConfig, "this is no sentinel", "give the sentinels' addresses, or write redis://host:port"},
	{"ERR unknown command 'sentinel'", datasource.ClassConfig, "this is no sentinel", "give the sentinels' addresses, or write redis://host:port"},
	{"OOM", datasource.ClassServer, "out of memory", "raise maxmemory"},
	{"MISCONF", datasource.ClassServer, "server cannot write to disk", "look at its log"},
	{"NOREPLICAS", datasource.ClassServer, "not enough replicas", "look at the replicas"},
}

func classifyReply(line string, err error, source datasource.SourceID, command, key, user string) *datasource.Fault {
	if strings.HasPrefix(line, "NOPERM") {
		return permissionFault(line, err, source, command, key, user)
	}
	for _, r := range replyClass {
		if strings.HasPrefix(line, r.prefix) {
			return asking(newFault(source, r.class, r.text, r.hint, err), command, key)
		}
	}
	if strings.HasPrefix(line, "ERR unknown command") || strings.HasPrefix(line, "ERR syntax error") {
		return asking(newFault(source, datasource.ClassConfig, "command not known ("+command+")", "ticktop needs Redis 6.2 or newer", err), command, key)
	}
	return asking(newFault(source, datasource.ClassUnknown, strings.ToLower(strings.TrimPrefix(line, "ERR ")), "", err), command, key)
}

// permissionFault explains NOPERM: by command, key or channel, with the rule that
// would allow it.
func permissionFault(line string, err error, source datasource.SourceID, command, key, user string) *datasource.Fault {
	if user == "" {
		user = "default"
	}
	what, rule := command, "+"+rights[command]
	if rule == "+" {
		rule = "+" + command
	}
	refused, refusedKey := command, ""
	switch {
	case ownCommand(line) != "": // the connection's own, whatever was asked on it
		what, rule = ownCommand(line), "+"+ownCommand(line)
		refused = what
	case strings.Contains(line, " run the "): // a command, whose name may be 'pubsub|channels'
	case strings.Contains(line, "channel"):
		what, rule = key, "&"+strings.ReplaceAll(key, ", ", " &")
		refused, refusedKey = "", key
	case strings.Contains(line, "key"):
		what, rule = key, "%R~"+key
		refused, refusedKey = "", key
	}
	return asking(newFault(source, datasource.ClassPermission, "no permission ("+what+")", "allow it: ACL SETUSER "+user+" "+rule, err), refused, refusedKey)
}

// ownCommand is the command that was refused, where it is one that the library sends
// by itself: to choose a database, or to learn the nodes of a cluster.
func ownCommand(line string) string {
	for _, name := range []string{"select", "cluster|slots", "cluster|shards", "readonly"} {
		if strings.Contains(line, " run the '"+name+"'") {
			return name
		}
	}
	return ""
}

// rights names the ACL rules for what is asked under a well-known name.
var rights = map[string]string{
	"get":       "get +getrange +strlen",
	"hgetall":   "hgetall +hscan +hlen",
	"zrange":    "zrange +zcard",
	"lrange":    "lrange +llen",
	"xrevrange": "xrevrange +xlen",
}

func classifyNet(err error) (class datasource.Class, text, hint string) {
	var dns *net.DNSError
	var timeout net.Error
	var dial *net.OpError
	line := err.Error()
	switch {
	case errors.Is(err, errSecret):
		return datasource.ClassAuth, "password file cannot be read", "look at its path and permissions"
	case errors.Is(err, resp.ErrBad):
		return datasource.ClassBadReply, "bad reply (wrong port?)", "is this a Redis server?"
	case errors.As(err, &dial) && dial.Net == "unix" && errors.Is(err, fs.ErrNotExist):
		return datasource.ClassRefused, "no such socket", "is the server running, with this unixsocket?"
	case isTLS(err):
		return classifyTLS(err)
	case errors.As(err, &dns):
		return datasource.ClassResolve, "no such host (" + dns.Name + ")", "fix the host in REDIS_URL"
	case errors.Is(err, errNoMaster):
		return datasource.ClassCluster, "no sentinel knows the master", "look at the sentinels and at the master's name in REDIS_URL"
	case errors.Is(err, syscall.ECONNREFUSED):
		return datasource.ClassRefused, "refused", "is the server running, on this port?"
	case errors.Is(err, fs.ErrNotExist):
		return datasource.ClassRefused, "no such socket", "is the server running, with this unixsocket?"
	case errors.Is(err, fs.ErrPermission):
		return datasource.ClassRefused, "socket not allowed", "look at unixsocketperm"
	case errors.Is(err, context.Canceled):
		return datasource.ClassUnknown, "cancelled", ""
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, redis.ErrPoolTimeout):
		return datasource.ClassTimeout, "no answer", "the server hangs, or the network does"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return datasource.ClassRefused, "no way to the host", "look at the network"
	case isClosed(err):
		return datasource.ClassClosed, "connection lost", ""
	case strings.HasPrefix(line, "redis: "):
		return datasource.ClassBadReply, "bad reply (wrong port?)", "is this a Redis server?"
	}
	return datasource.ClassUnknown, line, ""
}

func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, redis.ErrClosed) ||
		errors.Is(err, syscall.ECONNABORTED) || errors.Is(err, syscall.ETIMEDOUT)
}

func isTLS(err error) bool {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verify *tls.CertificateVerificationError
	var handshake *handshakeError
	_, remote := remoteAlert(err)
	return remote || errors.As(err, &handshake) || errors.Is(err, errTLS) || errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &host) ||
		errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verify)
}

// Alerts of TLS (RFC 8446, section 6) that mean a client certificate is missing
// or not taken.
const (
	alertBadCertificate      = 42
	alertCertificateRequired = 116
)

// remoteAlert returns the TLS alert that the server sent. crypto/tls has no
// exported type for one: it is a number in an error of package net.
func remoteAlert(err error) (code uint64, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return 0, false
	}
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return v.Uint(), true
	}
	return 0, false
}

func classifyTLS(err error) (class datasource.Class, text, hint string) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return datasource.ClassTLS, "tls failed: certificate of an unknown authority", "give the authority's certificate (ca)"
	case errors.As(err, &host):
		return datasource.ClassTLS, "tls failed: certificate is for another host", "use the host name that the certificate has"
	case errors.As(err, &record):
		return datasource.ClassTLS, "tls failed: the server does not speak it", "write redis:// instead of rediss://"
	}
	if code, _ := remoteAlert(err); code == alertCertificateRequired || code == alertBadCertificate {
		return datasource.ClassTLS, "tls failed: the server wants a client certificate", "give certificate and key"
	}
	return datasource.ClassTLS, "tls failed: " + err.Error(), "look at the certificates"
}

func toString(v any) string { return fmt.Sprint(v) }

// isServerFault reports whether a fault is about the server, not about one datum.
func isServerFault(f *datasource.Fault) bool {
	switch f.Class {
	case datasource.ClassRefused, datasource.ClassTimeout, datasource.ClassClosed, datasource.ClassResolve, datasource.ClassTLS,
		datasource.ClassAuth, datasource.ClassLoading, datasource.ClassCluster, datasource.ClassBadReply, datasource.ClassSwitching:
		return true
	}
	return false
}
