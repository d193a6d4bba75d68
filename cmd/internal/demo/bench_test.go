package demo

import (
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// BenchmarkStart is everything between the call and a demo that answers. The
// budget for the first content on screen, all else included, is 100 ms.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		d, err := Start(context.Background(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		d.Close()
		b.StartTimer()
	}
}

// BenchmarkHistory is four hours of twelve symbols and three accounts.
func BenchmarkHistory(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewMarket(MarketOptions{Start: noon})
	}
}

// BenchmarkStep is one second of a market of 1,000 ticks a second: alone, and
// into the embedded Redis, with and without somebody who listens.
func BenchmarkStep(b *testing.B) {
	second := func(b *testing.B, w Writer) {
		m := NewMarket(MarketOptions{Rate: 1000, Symbols: 24, Start: noon})
		if err := m.Fill(context.Background(), w); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			for range time.Second / stepEvery {
				if err := m.Step(context.Background(), w); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/tick")
	}
	b.Run("alone", func(b *testing.B) { second(b, discard{}) })
	b.Run("redis", func(b *testing.B) {
		r, err := newMemory()
		if err != nil {
			b.Fatal(err)
		}
		defer r.close()
		second(b, r)
	})
	b.Run("subscriber", func(b *testing.B) {
		r, err := newMemory()
		if err != nil {
			b.Fatal(err)
		}
		defer r.close()
		f, err := newFront(r.srv.ServeConn)
		if err != nil {
			b.Fatal(err)
		}
		defer f.close()
		conn, err := net.Dial("tcp", f.addr)
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "*2\r\n$10\r\nPSUBSCRIBE\r\n$7\r\nticks:*\r\n"); err != nil {
			b.Fatal(err)
		}
		go io.Copy(io.Discard, conn)
		second(b, r)
	})
}

// BenchmarkExpire is what driving the embedded Redis' clock costs; it happens
// ten times a second.
func BenchmarkExpire(b *testing.B) {
	r, err := newMemory()
	if err != nil {
		b.Fatal(err)
	}
	defer r.close()
	if err := NewMarket(MarketOptions{Symbols: 64}).Fill(context.Background(), r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.m.FastForward(0)
	}
}
