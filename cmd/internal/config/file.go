package config

import (
	"reflect"

	"github.com/goccy/go-yaml/ast"
)

// file is the configuration as it is written. The same structures are the
// source of the JSON schema: a doc tag is the description, an enum tag lists
// the words that a value may be.
type file struct {
	Redis    redisSection        `yaml:"redis" doc:"the platform's Redis; ticktop only reads it"`
	API      apiSection          `yaml:"api" doc:"the Django API, asked when a key is missing or expired"`
	CacheTTL Duration            `yaml:"cache_ttl" doc:"how long an answer of the API counts as fresh: whole seconds or a duration; default 60"`
	Timezone string              `yaml:"timezone" doc:"what times are shown in: UTC or an IANA name such as Europe/London; default: the terminal's"`
	Source   string              `yaml:"source_timezone" doc:"what times without a zone mean, and what {now:…} is in; default: found out for each datum"`
	Vars     Ordered[Var]        `yaml:"vars" doc:"variables: one value as {account}, a list for 'for:', or a lookup in Redis: {keys: \"tick:{symbol}\"}"`
	Choices  map[string][]string `yaml:"choices" doc:"what a variable may be switched to; absent: anything"`
	Data     Ordered[datum]      `yaml:"data" doc:"where each datum comes from; widgets use its name"`
	Pages    []page              `yaml:"pages" doc:"the dashboard, page by page"`
	Alerts   []alertSection      `yaml:"alerts" doc:"conditions that are watched all the time"`
	Hooks    hooksSection        `yaml:"hooks" doc:"what to run or call when an alert fires; server side only"`
	Users    []userSection       `yaml:"users" doc:"serve: the data each user may see"`
	Serve    serveSection        `yaml:"serve" doc:"serve: limits"`
	Keys     map[string][]string `yaml:"keys" doc:"remapped keys: action name to keys"`
	Private  bool                `yaml:"private" doc:"hide balances from the start; 'x' cannot show them"`
	Theme    string              `yaml:"theme" doc:"theme, or auto to follow the terminal's background"`
	Symbols  string              `yaml:"symbols" doc:"characters that graphs are drawn with; pixels asks the terminal whether it shows pictures (Kitty, sixel), else braille" enum:"braille,block,ascii,pixels"`
	Color    string              `yaml:"color" doc:"when to use colour" enum:"auto,always,never"`
	Notify   string              `yaml:"notify" doc:"how the terminal tells of an alert that fires: bell (the default) rings, osc9, osc777 and osc99 also send a desktop notification" enum:"off,bell,osc9,osc777,osc99"`
	Mouse    *bool               `yaml:"mouse" doc:"false leaves the mouse to the terminal from the start"`
}

type redisSection struct {
	URL          URL      `yaml:"url" doc:"redis:// rediss:// unix:// redis-sentinel:// redis-cluster://; default redis://localhost:6379/0"`
	Username     string   `yaml:"username" doc:"ACL user, when not in the URL"`
	Password     Secret   `yaml:"password" doc:"password, when not in the URL"`
	PasswordFile string   `yaml:"password_file" doc:"file with the password; read again on every connect"`
	Poll         Duration `yaml:"poll" doc:"how often keys are read; default 1s"`
	Sharded      bool     `yaml:"sharded" doc:"cluster: subscribe with SSUBSCRIBE"`
	TLS          struct {
		CA       string `yaml:"ca" doc:"file with the certificates to trust"`
		Cert     string `yaml:"cert" doc:"file with the client certificate"`
		Key      string `yaml:"key" doc:"file with the client certificate's key"`
		Insecure bool   `yaml:"insecure" doc:"do not verify the server; for tests only"`
	} `yaml:"tls" doc:"files for rediss://"`
}

type apiSection struct {
	URL       URL      `yaml:"url" doc:"base address of the Django API; none: no fallback"`
	Token     Secret   `yaml:"token" doc:"token, sent to this address only"`
	TokenFile string   `yaml:"token_file" doc:"file with the token; read again when it changes"`
	Scheme    string   `yaml:"scheme" doc:"word before the token" enum:"Token,Bearer"`
	Timeout   Duration `yaml:"timeout" doc:"longest wait for one answer; default 3s"`
	TLS       struct {
		CA       string `yaml:"ca" doc:"file with the certificates to trust"`
		Cert     string `yaml:"cert" doc:"file with the client certificate"`
		Key      string `yaml:"key" doc:"file with the client certificate's key"`
		Insecure bool   `yaml:"insecure" doc:"do not verify the server; for tests only"`
	} `yaml:"tls" doc:"files for https://"`
	Headers map[string]Secret `yaml:"headers" doc:"headers sent with every request: {X-Api-Key: \"${API_KEY}\"}; their values are never shown"`
	Share   bool              `yaml:"share" doc:"keep answers in Redis under ticktop:api: for cache_ttl, so that many dashboards ask once; the only thing ever written"`
}

type fallbackSection struct {
	Path  string `yaml:"path" doc:"below the API's address, with its query"`
	Pick  string `yaml:"pick" doc:"dotted path into the answer; a number indexes an array"`
	Time  string `yaml:"time" doc:"series: the field with a point's time"`
	Value string `yaml:"value" doc:"series: the field with a point's value"`
}

type page struct {
	Name string `yaml:"name" doc:"the tab's name"`
	Rows []row  `yaml:"rows" doc:"rows, from top to bottom"`

	Areas []area `yaml:"areas" doc:"other arrangements of the same panels, by the size of the screen: the first that fits is taken, the rows where none does"`

	src *decoder // the file that it is in: a file without pages has the built-in ones
}

type row struct {
	Height  Size     `yaml:"height" doc:"\"40%\", \"1/3\" or lines; default: an equal part of what is left"`
	Widgets []widget `yaml:"widgets" doc:"panels, from left to right"`
}

// widget is a panel: its place is read here, everything else by the Spec of its kind. The node is kept, because a Spec is made anew for each
// set of variables.
type widget struct {
	Type   string `yaml:"type" doc:"kind of widget"`
	Name   string `yaml:"name" doc:"what the page's areas call the panel"`
	Width  Size   `yaml:"width" doc:"\"40%\", \"1/3\" or columns; default: an equal part of what is left"`
	Weight int    `yaml:"weight" doc:"what goes first when the screen is small: lower goes earlier; 0 stays"`
	MinH   int    `yaml:"min_height" doc:"lines below which the panel is of no use: lighter ones go first"`
	MaxH   int    `yaml:"max_height" doc:"lines beyond which the panel would only be blank: others get them; default: by the widget"`
	Below  bool   `yaml:"below" doc:"stands below the panel before it, in the same column, on screens from 120 columns"`
	Spare  bool   `yaml:"spare" doc:"only shown on screens so large that all others have the lines that they can use"`

	node ast.Node
	path string
}

// widgetKeys are the keys of a widget that are not its Spec's.
var widgetKeys = structFields(reflect.TypeFor[widget]())

func (w *widget) decodeNode(d *decoder, path string, n ast.Node) {
	w.node, w.path = n, path
	pairs, ok := d.mappingPairs(n)
	if !ok {
		return
	}
	for _, p := range pairs {
		if f, ok := widgetKeys.byName(p.key); ok {
			d.decode(joinPath(path, p.key), p.value, reflect.ValueOf(w).Elem().FieldByIndex(f.index))
		} else {
			d.pos[joinPath(path, p.key)] = posOf(p.value)
		}
	}
}

type alertSection struct {
	When  string   `yaml:"when" doc:"condition: account.equity < 45000, age(quote.EURUSD) > 5s"`
	Level string   `yaml:"level" doc:"how much it matters; default warning" enum:"info,warning,critical"`
	Name  string   `yaml:"name" doc:"what to call it on screen; default: the condition"`
	For   Duration `yaml:"for" doc:"fire only after it has been true for so long"`
	Reset string   `yaml:"reset" doc:"condition that ends the alert; default: when it is no longer true"`
}

type hooksSection struct {
	Exec    []string `yaml:"exec" doc:"program and arguments; the alert is given as JSON on standard input"`
	Webhook URL      `yaml:"webhook" doc:"address that gets the alert as JSON by POST"`
	Level   string   `yaml:"level" doc:"only alerts of at least this level; default warning" enum:"info,warning,critical"`
	Timeout Duration `yaml:"timeout" doc:"longest run; default 10s"`
}

type userSection struct {
	Name    string         `yaml:"name" doc:"who this is, for logs"`
	Key     []string       `yaml:"key" doc:"SSH public keys, as in authorized_keys"`
	Vars    map[string]Var `yaml:"vars" doc:"the variables this user has, and no others; a list is what may be chosen from"`
	Pages   []string       `yaml:"pages" doc:"the pages this user may see; none: all"`
	Private bool           `yaml:"private" doc:"balances are hidden from this user"`
}

type serveSection struct {
	MaxSessions int      `yaml:"max_sessions" doc:"sessions at once; default 200"`
	PerUser     int      `yaml:"per_user" doc:"sessions of one key at once; default 8"`
	PerAddress  int      `yaml:"per_address" doc:"sessions of one address at once; default 16"`
	Idle        Duration `yaml:"idle" doc:"a session without input ends after this; default 30m"`
	MaxAge      Duration `yaml:"max_age" doc:"longest session; default 24h"`
}
