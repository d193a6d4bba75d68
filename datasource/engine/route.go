package engine

import (
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// routeKey says in which way a datum finds what is its own in the messages of
// its channel. Data with equal keys share a route.
type routeKey struct {
	push          datasource.Push
	ownElement    string           // of a channel that varies with the element: the element, normalized
	names         datasource.Pairs // the datum's own names for its symbol or account
	wholeMessages bool             // pick and where only choose messages: a feed shows them whole
}

// routeKeyOf returns how a datum takes messages; the zero key is every message
// as it is.
func routeKeyOf(ref *datasource.Ref) routeKey {
	if ref.Kind == datasource.KindChannel {
		if ref.Shape.Where == "" {
			return routeKey{}
		}
		return routeKey{push: datasource.Push{Pick: ref.Shape.Pick, Where: ref.Shape.Where}, wholeMessages: true}
	}
	k := routeKey{push: ref.Push}
	if ref.Element == "" {
		k.push.Shared = false
		return k
	}
	if !k.push.Shared {
		k.ownElement = ref.Element
	}
	var names []datasource.Pair
	for _, p := range ref.Shape.Fields.List() {
		if p.Name == "symbol" || p.Name == "account" {
			names = append(names, p)
		}
	}
	k.names = datasource.PairsOf(names)
	return k
}

// route finds, in the messages of one channel, what belongs to its queues. It
// is immutable but for its queues and guarded by inbox.mu.
type route struct {
	key       routeKey
	pick      []string
	into      []string
	where     []condition
	names     []string // beside the usual ones
	ownParts  []string // parts of key.own, normalized
	every     *queue   // for data that take whatever passes; nil for shared channels
	byElement map[string]*queue
	byPart    map[string][]compound // elements of several parts, by their first
	perField  map[string]*queue     // into: one for each field, made as they come
	scratch   [maxNamed][]byte
}

// condition is one entry of where:.
type condition struct {
	path   []string
	values []string
}

// compound is an element of several parts: "EURUSD.1h".
type compound struct {
	rest  []string
	queue *queue
}

func newRoute(key routeKey) *route {
	r := &route{key: key, pick: datasource.SplitPath(key.push.Pick), into: datasource.SplitPath(key.push.Into)}
	for _, p := range key.push.Where.List() {
		r.where = append(r.where, condition{path: datasource.SplitPath(p.Name), values: p.Values})
	}
	for _, p := range key.names.List() {
		r.names = append(r.names, p.Values...)
	}
	if key.ownElement != "" {
		r.ownParts = partsOf(key.ownElement)
	}
	return r
}

// partsOf returns an element, normalized, and its parts where it has several.
func partsOf(element string) []string {
	out := []string{normalizeName(element)}
	if parts := strings.Split(element, "."); len(parts) > 1 {
		for _, p := range parts {
			out = append(out, normalizeName(p))
		}
	}
	return out
}

// addElement gives an element its queue.
func (r *route) addElement(element string, q *queue) {
	if !r.key.push.Shared {
		r.every = q
		return
	}
	if r.byElement == nil {
		r.byElement, r.byPart = map[string]*queue{}, map[string][]compound{}
	}
	parts := partsOf(element)
	if r.byElement[parts[0]] == q { // of another datum
		return
	}
	r.byElement[parts[0]] = q
	if len(parts) > 1 {
		r.byPart[parts[1]] = append(r.byPart[parts[1]], compound{rest: parts[2:], queue: q})
	}
}

// deliver files a message with the queues whose data it concerns.
func (b *inbox) deliver(r *route, m *message, now time.Time) {
	body := m.body
	if len(r.pick) > 0 {
		var ok bool
		if body, ok = valueAt(body, r.pick); !ok {
			return
		}
	}
	if len(body) > 0 && body[0] == '[' && (r.every == nil || len(r.where) > 0 || len(r.into) > 0) {
		eachItem(body, func(item []byte) bool {
			return !b.deliverPart(r, m, openText(item), now) || !r.key.wholeMessages
		})
		return
	}
	b.deliverPart(r, m, body, now)
}

// deliverPart files one object of a message; taken says that it passed the
// conditions.
func (b *inbox) deliverPart(r *route, m *message, body []byte, now time.Time) (taken bool) {
	for i := range r.where {
		if !r.where[i].matches(body) && !r.where[i].matches(m.body) {
			return false
		}
	}
	if r.key.wholeMessages {
		b.queuePayload(r.every, m.body, m.scanOnce(), now)
		return true
	}
	part := m
	if len(body) != len(m.body) {
		part = &message{body: body, around: m, matched: m.matched}
	}
	switch {
	case r.every == nil:
		b.deliverShared(r, part, now)
	case r.key.ownElement == "" || !b.namesAnother(r, part):
		b.queueMessage(r, r.every, part, now)
	}
	return true
}

// deliverShared files a message of a shared channel with the elements that it
// names; one that names no element is dropped.
func (b *inbox) deliverShared(r *route, m *message, now time.Time) {
	var buf [maxElement]byte
	for _, v := range r.namedElements(m) {
		id := normalize(buf[:0], v)
		if q := r.byElement[string(id)]; q != nil {
			b.queueMessage(r, q, m, now)
			continue
		}
		for _, c := range r.byPart[string(id)] {
			if fieldsContainAll(m.body, c.rest) {
				b.queueMessage(r, c.queue, m, now)
			}
		}
	}
}

// namesAnother reports whether a message on a channel of one element is about
// another one that is known.
func (b *inbox) namesAnother(r *route, m *message) bool {
	var buf [maxElement]byte
	another := false
	for _, v := range r.namedElements(m) {
		id := normalize(buf[:0], v)
		for _, own := range r.ownParts {
			if own == string(id) {
				return false
			}
		}
		another = another || b.elements[string(id)] > 0
	}
	return another
}

// namedElements returns the elements that a message names: in the part that was picked,
// else beside it, else in the name of the channel that a pattern matched.
func (r *route) namedElements(m *message) [][]byte {
	var out [][]byte
	if len(r.names) > 0 {
		out = r.elementsInOwnFields(m.body)
	}
	if len(out) > 0 {
		return out
	}
	m.scanOnce()
	switch {
	case m.count > 0:
		return m.names[:m.count]
	case m.around != nil:
		return r.namedElements(m.around)
	case m.matched != nil:
		return append(r.scratch[:0], m.matched)
	}
	return nil
}

// elementsInOwnFields returns the elements in the fields that the datum itself names.
func (r *route) elementsInOwnFields(body []byte) [][]byte {
	out := r.scratch[:0]
	eachField(body, func(name, value []byte) bool {
		if slices.Contains(r.names, string(name)) {
			if text, ok := scalarText(value); ok {
				out = append(out, text)
			}
		}
		return len(out) < maxNamed
	})
	return out
}

// queueMessage puts a message into a queue, in the form that its data merge.
func (b *inbox) queueMessage(r *route, q *queue, m *message, now time.Time) {
	if len(r.into) == 0 {
		b.queuePayload(q, m.body, m.scanOnce(), now)
		return
	}
	name, ok := valueAt(m.body, r.into)
	if !ok && m.around != nil {
		name, ok = valueAt(m.around.body, r.into)
	}
	text, scalar := scalarText(name)
	if !ok || !scalar || len(text) == 0 {
		return
	}
	if q = r.fieldQueue(q, text); q == nil {
		b.dropped.Add(1)
		return
	}
	body := append(append(append(append([]byte{'{'}, jsonString(text)...), ':'), m.body...), '}')
	b.queuePayload(q, body, shapeOf(body), now)
}

// fieldQueue returns the queue of one field of a hash: messages for different
// fields never hide one another.
func (r *route) fieldQueue(q *queue, field []byte) *queue {
	if r.perField == nil {
		r.perField = map[string]*queue{}
	}
	key := q.element + "\x00" + string(field)
	f := r.perField[key]
	if f == nil {
		if len(r.perField) >= maxFieldQueues {
			return nil
		}
		f = &queue{data: q.data, merge: q.merge, each: q.each}
		r.perField[key] = f
	}
	f.data = q.data
	return f
}

// matches reports whether a condition holds for a message.
func (c *condition) matches(b []byte) bool {
	v, ok := valueAt(b, c.path)
	if !ok {
		return false
	}
	text, ok := scalarText(v)
	return ok && slices.Contains(c.values, string(text))
}

// Bounds of routing.
const (
	maxNamed       = 4                    // elements that a message names
	maxElement     = 64                   // bytes of an element's name that are compared without a copy
	maxFieldQueues = datasource.MaxFields // fields that one frame may fill
)
