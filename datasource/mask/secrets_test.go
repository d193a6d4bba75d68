package mask

import (
	"strings"
	"testing"
)

func TestSecretField(t *testing.T) {
	for _, name := range []string{"password", "Passwd", "passphrase", "secret", "api_key", "apiKey", "APIKEY", "api_secret", "bybitApiSecret", "private_key",
		"access_token", "auth-token", "refreshToken", "session_key", "sessionid", "cookie", "cookies", "credential", "db_credentials", "client_secret", "secrets", "user.password"} {
		if !SecretField(name) {
			t.Errorf("%q is shown", name)
		}
	}
	for _, name := range []string{"", "key", "token", "session", "symbol", "bid", "secretary", "passed", "keys", "token0", "sector", "second", "seconds", "currency", "credit", "position_key", "pass_rate"} {
		if SecretField(name) {
			t.Errorf("%q is masked", name)
		}
	}
}

func TestSecretKey(t *testing.T) {
	for _, key := range []string{"user:17:credentials", ":1:django.contrib.sessions.cache8x0", "api_key:binance", "sessionid:abc"} {
		if !SecretKey(key) {
			t.Errorf("%q is shown", key)
		}
	}
	for _, key := range []string{"session:ACC-1", "quote:EURUSD", "tokens:SOL", "position:9001"} {
		if SecretKey(key) {
			t.Errorf("%q is masked", key)
		}
	}
}

func TestBytes_MasksWhereTheNameSaysSo(t *testing.T) {
	for _, c := range []struct{ in, show, want string }{
		{`{"user":"x","api_key":"S3CRET","n":1}`, "", `{"user":"x","api_key":"***","n":1}`},
		{`{"api_key": 12345}`, "", `{"api_key": ***}`},
		{`{"credentials":{"a":"S3CRET","b":[1]},"n":1}`, "", `{"credentials":***,"n":1}`},
		{`{'password': 'S3CRET'}`, "", `{'password': '***'}`},
		{"api_key: S3CRET\nbid: 1\n", "", "api_key: ***\nbid: 1\n"},
		{`{"session_key":"london"}`, "session_key", `{"session_key":"london"}`},
		{`{"password":null}`, "", `{"password":null}`},
		{`{"bid":1}`, "", `{"bid":1}`},
		{`{"data":"{\"api_key\":\"S3CRET\"}"}`, "", `{"data":"{\"api_key\":\"***\"}"}`},
	} {
		if got := string(Bytes([]byte(c.in), c.show)); got != c.want {
			t.Errorf("%s became %s, want %s", c.in, got, c.want)
		}
	}
}

func FuzzBytes(f *testing.F) {
	for _, s := range []string{`{"api_key":"S3CRET"}`, `{"api_key":{"a":[`, "password: x\n", `\":\"`, `"secret":'`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := string(Bytes([]byte(s), ""))
		if !strings.Contains(strings.ToLower(s), "s") && !strings.Contains(strings.ToLower(s), "p") && !strings.Contains(strings.ToLower(s), "c") && out != s {
			t.Fatalf("%q became %q", s, out)
		}
		SecretKey(s)
	})
}
