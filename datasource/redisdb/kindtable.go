package redisdb

import (
	"strconv"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// kindReader is how one kind is asked for and its reply read. What a kind is
// called, and which commands people know it by, is in datasource.KindInfo.
type kindReader struct {
	read  func(it *item) []any // within the limits, for it.mode
	plain any                  // the unbounded command, for users that may not use the bounded one; nil: there isn't one
	size  func(it *item) []any // only how large it is
	parse func(d *decoder, r *resp.Reader, it *item, raw *datasource.Raw) error
	probe bool // whether plain is still allowed is asked at every poll: see probe.go
}

var kindReaders = [...]kindReader{
	datasource.KindString:     {read: readString, plain: cmdGet, size: sizeBy(cmdStrLen), parse: (*decoder).decodeString, probe: true},
	datasource.KindHash:       {read: readHash, plain: cmdHGetAll, size: sizeBy(cmdHLen), parse: (*decoder).decodeHash, probe: true},
	datasource.KindZSet:       {read: (*item).seriesArgs, size: sizeBy(cmdZCard), parse: (*decoder).decodeSeries},
	datasource.KindList:       {read: readList, size: sizeBy(cmdLLen), parse: (*decoder).decodeList},
	datasource.KindStream:     {read: readStream, size: sizeBy(cmdXLen), parse: (*decoder).decodeStream},
	datasource.KindSet:        {read: readSet, plain: cmdSMembers, size: sizeBy(cmdSCard), parse: (*decoder).decodeSet},
	datasource.KindJSON:       {read: readJSON, size: sizeJSON, parse: (*decoder).decodeJSON},
	datasource.KindTimeSeries: {read: readTimeSeries, size: readTimeSeries, parse: (*decoder).decodeSamples},
}

// readerOf returns how a kind is read; channels are not.
func readerOf(k datasource.Kind) *kindReader { return &kindReaders[k] }

// valueArgs returns the command that reads or measures the datum.
func (it *item) valueArgs() []any {
	r := readerOf(it.req.Ref.Kind)
	switch it.mode {
	case modeMeasure:
		return r.size(it)
	case modePlain:
		return []any{r.plain, it.key}
	}
	return r.read(it)
}

func sizeBy(command any) func(*item) []any {
	return func(it *item) []any { return []any{command, it.key} }
}

func readString(it *item) []any { return []any{cmdGetRange, it.key, argZero, argLastByte} }

// readHash scans: a small hash is one listpack and comes whole; a large one
// comes by COUNT buckets, and its cursor says that there is more.
func readHash(it *item) []any {
	if it.mode == modeStep {
		return it.stepArgs()
	}
	return []any{cmdHScan, it.key, argZero, optCount, argManyFields}
}

func readSet(it *item) []any { return []any{cmdSScan, it.key, argZero, optCount, argManyMembers} }

func readList(it *item) []any {
	n := it.req.Ref.KeepItems()
	if it.mode == modeTail {
		return []any{cmdLRange, it.key, strconv.Itoa(-n), argLast}
	}
	return []any{cmdLRange, it.key, argZero, strconv.Itoa(n - 1)}
}

func readStream(it *item) []any {
	return []any{cmdXRevRange, it.key, streamNewest, streamOldest, optCount, strconv.Itoa(it.req.Ref.KeepItems())}
}

// readJSON asks for what is picked of a document only, so that a part of a large
// one can be shown.
func readJSON(it *item) []any {
	if path := jsonPath(it.req.Ref.Shape.Pick); path != "" {
		return []any{cmdJSONGet, it.key, path}
	}
	return []any{cmdJSONGet, it.key}
}

func sizeJSON(it *item) []any {
	if path := jsonPath(it.req.Ref.Shape.Pick); path != "" {
		return []any{cmdJSONDebug, argMemory, it.key, path}
	}
	return []any{cmdJSONDebug, argMemory, it.key}
}

// readTimeSeries asks for the newest samples, or for those from the last known
// one on; that one comes again and tells whether it is still the same.
func readTimeSeries(it *item) []any {
	ref := it.req.Ref
	if ref.Shape.Latest {
		return []any{cmdTSGet, it.key}
	}
	from, n := streamOldest, datasource.MaxMembers
	if it.mode == modeNewer {
		from = strconv.FormatInt(int64(it.req.Since), 10)
		n = datasource.MaxMembers + 1
	} else if ref.Keep > 0 {
		n = min(ref.Keep, n)
	}
	return []any{cmdTSRevRange, it.key, from, streamNewest, optCount, strconv.Itoa(n)}
}
