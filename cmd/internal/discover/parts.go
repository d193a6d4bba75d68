package discover

// maxParts bounds the data that are made of one document.
const maxParts = 8

// documentParts are the things that a document holds besides what it is itself: the
// positions of an account, the quotes of a state. Each is its own finding
// that picks its part.
func (x *finding) documentParts() []*finding {
	if x.kind != "string" && x.kind != "ReJSON-RL" && x.kind != "hash" || x.container == containHistory {
		return nil
	}
	s := x.fullestSample()
	if s == nil {
		return nil
	}
	n := readNode(s.Bytes)
	if x.kind == "hash" {
		n = fieldsNode(s.Fields)
	}
	if n.kind != nodeObject || n.objectRows() != nil && x.container == containRows {
		return nil
	}
	var out []*finding
	for i, name := range n.names {
		path := joinPath("", name)
		if len(out) == maxParts || path == x.pick || isSecret(name) || isElementName(name) || !isWritable(name) {
			continue
		}
		if part := x.partOf(n.kids[i], name, path); part != nil {
			out = append(out, part)
		}
	}
	return out
}

// partOf is the finding of one part, nil where it is nothing that a trader
// knows by a name.
func (x *finding) partOf(k *node, name, path string) *finding {
	hints := append(splitWords(name), x.keyHints()...)
	if len(splitWords(name)) > 0 {
		hints = splitWords(name) // "positions" of an account are no account
	}
	part := &finding{family: x.family, part: toIdentifier(name), expires: x.expires}
	switch {
	case k.kind == nodeArray && len(k.kids) > 0 && k.kids[0].kind == nodeObject:
		part.row, part.container = classifyRow(k.kids[0], hints), containRows
	case k.kind == nodeArray && len(k.kids) == 0:
		if part.inspectArray(k, path, hints); part.subject == subjectPosition || part.subject == subjectOrder {
			return part
		}
		return nil
	case k.kind == nodeObject && k.objectRows() != nil:
		part.row, part.container = classifyRow(k.objectRows(), hints), containRows
	case k.kind == nodeObject:
		part.row = classifyRow(k, hints)
	default:
		return nil
	}
	if part.pick != "" { // of an envelope inside
		return nil
	}
	part.pick = path
	switch part.subject {
	case subjectPosition, subjectOrder:
		return part
	case subjectQuote:
		if part.container == containRows {
			return part
		}
	case subjectAccount, subjectBook:
		if part.container == containOne && x.subject != part.subject {
			return part
		}
	}
	return nil
}
