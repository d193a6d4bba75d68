package record

import (
	"bytes"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"ticktop/datasource"
)

func compressed(t testing.TB, s string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return z.EncodeAll([]byte(s), nil)
}

const header = `{"ticktop":"recording","version":1,"created":"2026-11-23T09:00:00Z","names":["a","b"]}` + "\n"

// hostile are recordings that no recorder writes.
var hostile = map[string]string{
	"empty":              "",
	"no header":          `{"t":0,"key":true}`,
	"other version":      strings.Replace(header, `"version":1`, `"version":2`, 1),
	"other file":         `{"name":"x"}`,
	"null names":         `{"ticktop":"recording","version":1,"names":null}` + "\n" + `{"t":1,"key":true}`,
	"escape in names":    `{"ticktop":"recording","version":1,"names":["\u001b]52;c;AA==\u0007"]}` + "\n" + `{"t":1,"key":true}`,
	"index out of range": header + `{"t":1,"n":99,"e":{"s":"live","v":1}}` + "\n" + `{"t":1,"n":-1,"e":{"s":"live","v":1}}` + "\n",
	"unknown state":      header + `{"t":1,"n":0,"e":{"s":"dead","v":1}}` + "\n",
	"difference of none": header + `{"t":1,"n":0,"e":{"s":"live","d":{"off":3}}}` + "\n",
	"difference too far": header + `{"t":1,"n":0,"e":{"s":"live","v":{"$series":[[1,2]]}}}` + "\n" + `{"t":2,"n":0,"e":{"s":"live","d":{"off":-9}}}` + "\n" + `{"t":2,"n":0,"e":{"s":"live","d":{"off":9}}}` + "\n",
	"back in time":       header + `{"t":9,"key":true}` + "\n" + `{"t":-5,"key":true}` + "\n",
	"end of time":        header + `{"t":9223372036854775807,"n":0,"e":{"s":"live","v":1,"at":9223372036854775807,"ex":-9223372036854775808}}` + "\n",
	"deep":               header + `{"t":1,"n":0,"e":{"s":"live","v":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}` + "\n",
	"escape in value":    header + `{"t":1,"n":0,"e":{"s":"live","v":"\u001b[2J","w":"\u009b31m","f":{"class":"\u001b","text":"\u001b"}}}` + "\n",
	"line without end":   header + `{"t":1,"n":0,"e":{"s":"li`,
	"many sources":       header + `{"t":1,"src":[{},{},{},{},{},{}]}` + "\n",
	"event of nothing":   header + `{"t":1,"ev":[{}],"all":true}` + "\n",
}

// read reads a recording in all the ways there are.
func read(data []byte) error {
	f, err := openFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	r := newTape(f)
	for _, t := range []int64{0, f.end, f.end / 2, 1} {
		r.seek(t)
		s := r.snapshot()
		for i := range s.Len() {
			if _, e := s.Nth(i); e != nil {
				e.Age(s.At)
				e.TTL(s.At)
				e.SinceChange(s.At)
			}
		}
	}
	for steps := 0; steps < 50; steps++ {
		t, ok := r.nextLineTime()
		if !ok {
			break
		}
		r.seek(t)
	}
	for steps := 0; steps < 50; steps++ {
		t, ok := r.previousStepTime()
		if !ok {
			break
		}
		r.seek(t)
	}
	return nil
}

func TestHostile(t *testing.T) {
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) {
			plain, packed := read([]byte(s)), read(compressed(t, s))
			if (plain == nil) != (packed == nil) {
				t.Errorf("plain: %v, compressed: %v", plain, packed)
			}
		})
	}
}

func TestNothingUnsafeComesOut(t *testing.T) {
	for _, name := range []string{"escape in names", "escape in value"} {
		f, err := openFile(strings.NewReader(hostile[name]), int64(len(hostile[name])))
		if err != nil {
			t.Fatal(err)
		}
		r := newTape(f)
		r.seek(f.end)
		s := r.snapshot()
		all := strings.Join(s.Names(), "")
		for i := range s.Len() {
			if _, e := s.Nth(i); e != nil {
				all += e.Value.Text.String() + e.Why.String() + e.Fault.Error()
			}
		}
		if strings.ContainsAny(all, "\x1b\x07\u009b") {
			t.Errorf("%s: %q", name, all)
		}
	}
}

// TestBomb opens a few kilobytes that are a quarter of a gigabyte, in one line and in many.
func TestBomb(t *testing.T) {
	for name, unit := range map[string]string{"one line": "A", "many lines": `{"t":1,"key":true}` + "\n"} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			z, err := zstd.NewWriter(&b)
			if err != nil {
				t.Fatal(err)
			}
			block := []byte(strings.Repeat(unit, (1<<20)/len(unit)))
			z.Write([]byte(header + `{"t":0,"key":true}` + "\n"))
			for range 256 {
				z.Write(block)
			}
			z.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := openFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
			runtime.ReadMemStats(&after)
			if err != nil || !f.damaged {
				t.Errorf("damaged %v, %v", f != nil && f.damaged, err)
			}
			if sum := after.TotalAlloc - before.TotalAlloc; sum > 128<<20 {
				t.Errorf("allocated %d MB in all", sum>>20)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 10<<20 {
				t.Errorf("holds %d MB", grown>>20)
			}
			runtime.KeepAlive(f)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(filepath.Join(dir, "none")); err == nil {
		t.Error("opened a file that is not there")
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "regular") {
		t.Errorf("opened a directory: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range hostile {
		f.Add([]byte(s))
		f.Add(compressed(f, s))
	}
	path := filepath.Join(f.TempDir(), "x")
	s := datasource.NewSnapshot(time.Unix(0, 0), 1, []string{"a"}, nil, []*datasource.Entry{{Ref: &datasource.Ref{}, Rev: 1, State: datasource.StateLive, Value: series(0, 9)}})
	if err := WriteFixture(path, Options{}, s); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) { read(data) })
}
