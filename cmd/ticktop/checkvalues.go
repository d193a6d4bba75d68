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
		if raw.Missing {
			l.absent++
			continue
		}
		if l.present++; raw.Err != nil {
			continue
		}
		read, err := decode.Read(raw)
		if f := datasource.AsFault(err, datasource.SourceRedis); f != nil && (f.Class == datasource.ClassDecode || f.Class == datasource.ClassTooBig) {
			l.addLine(requests[i].Ref.Name, redisdb.GradeFail, f.Error(), f.Hint.String())
			continue
		}
		l.addRemarks(raw, &read)
	}
}

// addRemarks says what of a value is not simply what its producer wrote, once
// for each group.
func (l *checkList) addRemarks(raw *datasource.Raw, read *decode.Decoded) {
	group := datasource.Group(raw.Ref.Name)
	note := func(text, remedy string) {
		line := group + "\x00" + text
		if l.said == nil {
			l.said = map[string]bool{}
		}
		if !l.said[line] {
			l.said[line] = true
			l.addLine(group, redisdb.GradeNote, text, remedy)
		}
	}
	if read.Marks.Has(datasource.MarkMixedUnits) {
		note("its times are in several units", "let the producer write one")
	}
	if read.Marks.Has(datasource.MarkPartsUnread) {
		note("parts of it can't be read", "set decode: if the format is known")
	}
	if read.Marks.Has(datasource.MarkSecretsMasked) {
		note("fields that look like secrets are masked", "show: [FIELD] if one is no secret")
	}
	if raw.Ref.Shape.Zone == "" && datasource.IsNaive(read.Stamp) {
		note("its times have no zone: which one is found out while ticktop runs", "set source_timezone: to say it")
	}
	if raw.Ref.Kind == datasource.KindList && raw.Ref.Shape.Newest == datasource.EndUnknown && len(raw.Items) > 1 && decode.NewestEnd(raw.Ref, raw.Items) == datasource.EndUnknown {
		note("nothing tells which end of the list is newest: the first is assumed until it grows", "set newest: first, or last")
	}
}
