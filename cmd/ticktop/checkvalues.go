package main

import (
	"context"
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
	"ticktop/datasource/redisdb"
)

// checkValuesFor bounds the reading of all values once.
const checkValuesFor = 5 * time.Second

// checkValues reads every key once and says which cannot be decoded: a type
// that is right says nothing of the bytes inside.
func (l *checkList) checkValues(ctx context.Context, reader datasource.Reader, refs []datasource.Ref) {
	ctx, cancel := context.WithTimeout(ctx, checkValuesFor)
	defer cancel()
	var requests []datasource.Request
	for _, r := range refs {
		if r.Kind != datasource.KindChannel {
			requests = append(requests, datasource.Request{Ref: &r, Since: math.Inf(-1)})
		}
	}
	answers, err := reader.Read(ctx, requests)
	if err != nil { // the checks before have said so
		return
	}
	for i := range answers {
		raw := &answers[i]
		if raw.Err != nil || raw.Missing {
			continue
		}
		_, _, err := decode.Value(raw)
		if f := datasource.AsFault(err, datasource.SourceRedis); f != nil && (f.Class == datasource.ClassDecode || f.Class == datasource.ClassTooBig) {
			l.addLine(requests[i].Ref.Name, redisdb.GradeFail, f.Error(), f.Hint.String())
		}
	}
}
