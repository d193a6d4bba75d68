package tape

import (
	"math"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// aggressor is who came to whom.
type aggressor int8

const (
	seller  aggressor = -1 // at the bid
	nobody  aggressor = 0
	buyer   aggressor = 1 // at the ask
	unknown aggressor = 2
)

// trade is one print.
type trade struct {
	index int // in the value
	at    time.Time
	price datasource.Number
	size  datasource.Number
	sized bool
	side  aggressor
	told  bool // the producer says the side; else it follows from the price before
	dir   int8 // against the price before
}

// look is a frame worked out.
type look struct {
	symbol, name string
	entry        *datasource.Entry
	prints       []trade // newest first
	usable       bool
	left         int // out, because they are too small
	heads        bool
	window       list.Window
	priceForm    draw.NumberFormat
	sizeForm     draw.NumberFormat
	most         float64 // the largest size shown
}

// minHeads is the height from which the columns have heads.
const minHeads = 6

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{usable: true}
	k.symbol, k.name = widgets.Element(f, w.spec.Data)
	k.entry = f.Data.Get(k.name)
	if k.entry.Known() {
		w.read(&k)
	}
	_, lines := list.Inside(*f)
	if k.heads = lines >= minHeads; k.heads {
		lines--
	}
	k.window = list.Fit(f.View, len(k.prints), lines)
	k.setForms(w)
	return k
}

// read finds the trades in messages, in an array of objects or of arrays, or in
// one object, the newest first.
func (w *Widget) read(k *look) {
	v := &k.entry.Value
	switch v.Type {
	case datasource.TypeMessages:
		for i := range v.Messages {
			k.add(&v.Messages[i].Value, v.Messages[i].At, i)
		}
	case datasource.TypeArray:
		for i := range v.Items {
			k.add(&v.Items[i], time.Time{}, i)
		}
	case datasource.TypeObject:
		k.add(v, k.entry.At, -1)
	default:
		k.usable = false
		return
	}
	slices.SortStableFunc(k.prints, func(a, b trade) int { return b.at.Compare(a.at) })
	k.direct()
	if w.spec.Least > 0 {
		n := len(k.prints)
		k.prints = slices.DeleteFunc(k.prints, func(t trade) bool { return t.sized && t.size.Float() < w.spec.Least })
		k.left = n - len(k.prints)
	}
}

// add reads one trade; what has no price isn't one.
func (k *look) add(v *datasource.Value, at time.Time, index int) {
	t := trade{index: index, at: at, side: unknown}
	ok := false
	switch v.Type {
	case datasource.TypeNumber:
		t.price, ok = v.Num, true
	case datasource.TypeArray:
		if len(v.Items) > 0 {
			t.price, ok = v.Items[0].Number()
		}
		if len(v.Items) > 1 {
			t.size, t.sized = v.Items[1].Number()
		}
	case datasource.TypeObject:
		t.price, ok = names.Number(v, names.Last)
		if !ok {
			t.price, ok = names.Number(v, names.OrderPrice)
		}
		if !ok {
			if p, found := names.Price(v); found {
				t.price, ok = datasource.NumberFromFloat(p), true
			}
		}
		t.size, t.sized = names.Number(v, names.Volume)
		if f, found := names.Find(v, names.Time); found {
			if when, is := field.TimeOf(f); is {
				t.at = when
			}
		}
		t.side, t.told = sideOf(v)
	}
	if t.sized = t.sized && t.size.Finite(); ok && t.price.Finite() {
		k.prints = append(k.prints, t)
	}
}

// sideOf reads who came to whom: a side of the book ("at": ask), an aggressor, or
// the flag of an exchange that the buyer was there first.
func sideOf(v *datasource.Value) (aggressor, bool) {
	for i := range v.Fields {
		f := &v.Fields[i]
		switch names.Fold(f.Name.String()) {
		case "m", "isbuyermaker", "buyermaker":
			if f.Value.Type == datasource.TypeBool {
				if f.Value.Bool {
					return seller, true
				}
				return buyer, true
			}
		case "at", "side", "aggressor", "takerside", "taker", "direction", "type", "action":
			if f.Value.Type == datasource.TypeText {
				if s, ok := sideWord(f.Value.Text.String()); ok {
					return s, true
				}
			}
		}
	}
	return unknown, false
}

func sideWord(s string) (aggressor, bool) {
	switch strings.ToLower(s) {
	case "ask", "buy", "buyer", "b", "bought", "offer", "up":
		return buyer, true
	case "bid", "sell", "seller", "s", "a", "sold", "down":
		return seller, true
	case "mid", "between", "cross":
		return nobody, true
	}
	return unknown, false
}

// direct compares each trade with the one before. Where the producer does not
// tell the side it is the tick rule's: bought when the price rose.
func (k *look) direct() {
	last := int8(0)
	for i := len(k.prints) - 1; i >= 0; i-- {
		t := &k.prints[i]
		if i+1 < len(k.prints) {
			switch before := k.prints[i+1].price.Float(); {
			case t.price.Float() > before:
				t.dir = 1
			case t.price.Float() < before:
				t.dir = -1
			}
		}
		if t.dir != 0 {
			last = t.dir
		}
		if !t.told {
			t.side = aggressor(last)
		}
	}
}

// setForms gives all prices, and all sizes, the decimals of the one with most.
func (k *look) setForms(w *Widget) {
	k.priceForm, k.sizeForm = w.price.NumberFormat, w.size.NumberFormat
	var prices, sizes format.Column
	for i := k.window.First; i < k.window.End(); i++ {
		t := &k.prints[i]
		prices.Add(t.price)
		if t.sized {
			sizes.Add(t.size)
			k.most = max(k.most, math.Abs(t.size.Float()))
		}
	}
	if k.priceForm.Decimals == draw.Auto {
		k.priceForm.Decimals = prices.Decimals()
	}
	if k.sizeForm.Decimals == draw.Auto {
		k.sizeForm.Decimals = sizes.Decimals()
		if k.most >= 100_000 {
			k.sizeForm.Unit, k.sizeForm.Decimals = format.UnitCompact, 1
		}
	}
}

// boughtShare is the part of the size that buyers took, of the trades whose side
// is known; ok is false when that is too few to say.
func (k *look) boughtShare() (pct int, ok bool) {
	bought, all, n := 0.0, 0.0, 0
	for i := range k.prints {
		t := &k.prints[i]
		size := 1.0
		if t.sized {
			size = math.Abs(t.size.Float())
		}
		switch t.side {
		case buyer:
			bought += size
			fallthrough
		case seller:
			all += size
			n++
		case nobody, unknown:
		}
	}
	if n < 5 || !(all > 0) || math.IsInf(all, 0) {
		return 0, false
	}
	return int(math.Round(bought / all * 100)), true
}
