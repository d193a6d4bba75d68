package decode

import (
	"ticktop/datasource"
	"ticktop/datasource/mask"
)

var masked = datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(mask.Text, 0)}

// hideSecrets masks in a value that nobody has seen yet what the names of its
// fields, or of its key, call a secret, and reports whether it did.
func hideSecrets(v *datasource.Value, ref *datasource.Ref) bool {
	if mask.SecretKey(ref.Key) && !mask.Shown(ref.Shape.Show, ref.Key) && ref.Shape.Show != "*" {
		return maskAll(v)
	}
	return maskFields(v, ref.Shape.Show)
}

func maskFields(v *datasource.Value, show string) (did bool) {
	switch v.Type {
	case datasource.TypeObject:
		for i := range v.Fields {
			f := &v.Fields[i]
			if name := f.Name.String(); mask.SecretField(name) && !mask.Shown(show, name) {
				did = maskAll(&f.Value) || did
				continue
			}
			did = maskFields(&f.Value, show) || did
		}
	case datasource.TypeArray:
		for i := range v.Items {
			did = maskFields(&v.Items[i], show) || did
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			did = maskFields(&v.Messages[i].Value, show) || did
		}
	case datasource.TypeText:
		did = maskText(v, show)
	}
	return did
}

// maskText masks secrets in a text that is half of a document.
func maskText(v *datasource.Value, show string) bool {
	s := v.Text.String()
	if len(s) < 8 || s[0] != '{' && s[0] != '[' {
		return false
	}
	clean := mask.Bytes([]byte(s), show)
	if len(clean) == len(s) && string(clean) == s {
		return false
	}
	v.Text = datasource.CleanBytes(clean, datasource.MaxCell)
	return true
}

// maskAll masks a whole value; null and true or false say nothing.
func maskAll(v *datasource.Value) bool {
	switch v.Type {
	case datasource.TypeNone, datasource.TypeNull, datasource.TypeBool:
		return false
	case datasource.TypeMessages:
		for i := range v.Messages {
			v.Messages[i].Value = masked
		}
		return true
	}
	*v = masked
	return true
}
