package config

import (
	"errors"
	"io/fs"
	"reflect"
)

// LoadUsers reads only the data each user may see, from the configuration that Load would
// read. It works where the rest of the file is broken: a right that was taken
// away must not come back because of another mistake.
func LoadUsers(o Options) ([]User, error) {
	paths := FindPaths(o.Env, o.File)
	for _, path := range paths.Search {
		data, err := o.Env.readOnce(path, o.File == "" && !o.Env.namedBy("TICKTOP_CONFIG"))
		if errors.Is(err, fs.ErrNotExist) && len(paths.Search) > 1 {
			continue
		}
		if err != nil {
			return nil, &Error{File: path, Msg: "cannot be read: " + causeOf(err)}
		}
		return parseUsers(path, data, o.Env)
	}
	return nil, &Error{Msg: "no configuration was found"}
}

// parseUsers decodes the users of a file and nothing else of it.
func parseUsers(name string, data []byte, env *Env) ([]User, error) {
	d := newDecoder(name, data, env)
	if isTooDeep(data) {
		return nil, &Error{File: name, Msg: "nested too deep"}
	}
	root, err := parseYAML(data)
	if err != nil {
		d.recordSyntax(err)
		return nil, d.errs
	}
	if len(root.Docs) != 1 || root.Docs[0].Body == nil {
		return nil, &Error{File: name, Msg: "is not one YAML document"}
	}
	d.collectAnchors(root.Docs[0].Body)
	pairs, ok := d.mappingPairs(root.Docs[0].Body)
	if !ok || len(d.errs) > 0 { // users: may be there twice
		return nil, d.errs
	}
	c := &Config{file: new(file), dec: d}
	found := false
	for _, p := range pairs {
		if p.key == "users" {
			found = true
			d.decode("users", p.value, reflect.ValueOf(&c.file.Users).Elem())
		}
	}
	switch {
	case len(d.errs) > 0:
		return nil, d.errs
	case !found: // cut short, or everybody was taken away: not to be told apart
		return nil, &Error{File: name, Msg: "has no users"}
	}
	c.readUsers()
	return c.Users, nil
}
