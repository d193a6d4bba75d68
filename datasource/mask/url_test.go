package mask

import (
	"strings"
	"testing"
)

// TestURL_HidesSecrets (case 23): whatever the address looks like.
func TestURL_HidesSecrets(t *testing.T) {
	for raw, want := range map[string]string{
		"redis://h:1/0":                    "redis://h:1/0",
		"redis://u:pw@h":                   "redis://u:***@h",
		"redis://:pw@h":                    "redis://:***@h",
		"redis://S3CRET@h":                 "redis://***@h",
		"redis://S3CRET+9r/A=@h/0":         "redis://***@h/0",
		"redis://x?S3CRET@h/0":             "redis://***@h/0",
		"redis://S3CRET:@h":                "redis://***@h",
		"redis://u:p@ss:w/rd@h":            "redis://u:***@h",
		"redis://u:p?w@h":                  "redis://u:***@h",
		"redis://u:p w'd@h":                "redis://u:***@h",
		"unix:///run/s?Password=x":         "unix:///run/s?Password=***",
		"u:pw@h":                           "***@h",
		"":                                 "",
		"http://h/?api-key=x&a=b":          "http://h/?api-key=***&a=b",
		"valkeys://u:pw@h?db=1":            "valkeys://u:***@h?db=1",
		"sentinel://:pw@a;sentinel://:q@b": "sentinel://:***@b",
		"redis-sentinel://u:pw@a,b/m?sentinel_password=x&db=1":       "redis-sentinel://u:***@a,b/m?sentinel_password=***&db=1",
		"write redis://:PASSWORD@HOST or redis://USER:PASSWORD@HOST": "write redis://:PASSWORD@HOST or redis://USER:PASSWORD@HOST", // case 23: hints
		"https://S3CRET@sentry.example/1":                            "https://***@sentry.example/1",
	} {
		if got := map[bool]func(string) string{true: URLs, false: URL}[strings.Contains(raw, " or ")](raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

// FuzzURLs: what is redacted holds nothing of the password.
func FuzzURLs(f *testing.F) {
	f.Add("redis", "hunter2hunter2", "h:1/0")
	f.Add("http", "p@ss/word:x#y?z=1", "h")
	f.Fuzz(func(t *testing.T, scheme, password, host string) {
		if len(password) < 8 || strings.Contains(scheme+host, password) || strings.Trim(password, "*") == "" || strings.Contains("://ana:@"+Masked, password) {
			return
		}
		for _, raw := range []string{scheme + "://ana:" + password + "@" + host, scheme + "://" + password + "@" + host} {
			if got := URL(raw); !strings.ContainsAny(host, "@") && strings.Contains(got, password) {
				t.Errorf("%q shows in %q", password, got)
			}
		}
	})
}
