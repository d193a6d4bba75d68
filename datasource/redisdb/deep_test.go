package redisdb

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"ticktop/datasource"
)

// TestEndlessNesting is a server that never stops opening arrays, which would
// overflow the stack: in its handshake, or behind an honest refusal of HELLO.
func TestEndlessNesting(t *testing.T) {
	for name, open := range map[string][2]string{
		"handshake":          {"%1\r\n+a\r\n", "*1\r\n"},
		"handshake, scalars": {"%1\r\n+a\r\n", "*2\r\n:1\r\n"},
		"attributes":         {"", "|0\r\n"},
		"poll":               {"-ERR unknown command\r\n", "*1\r\n"},
		"poll, scalars":      {"-ERR unknown command\r\n", "*2\r\n:1\r\n"},
		"poll, attributes":   {"-ERR unknown command\r\n", "|0\r\n"},
		"poll, push":         {welcome, ">2\r\n+x\r\n*1\r\n"},
		"poll, pushes":       {welcome, ">1\r\n"},
		"poll, long push":    {welcome, ">2\r\n+x\r\n$900000000\r\n"},
		"poll, wide push":    {welcome, ">900000000\r\n+x\r\n"},
		"wide":               {"", "*900000000\r\n"},
		"wide map":           {"", "%900000000\r\n"},
		"long":               {"", "$900000000\r\n"},
	} {
		t.Run(name, func(t *testing.T) { endless(t, open[0], open[1]) })
	}
}

// welcome is an honest answer to HELLO.
const welcome = "%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n"

func endless(t *testing.T, first, again string) {
	addr := pretend(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1024))
		_, _ = io.WriteString(c, first)
		if first != "" && first[0] == '-' || first == welcome { // the poll itself is answered
			_, _ = c.Read(make([]byte, 1024))
		}
		chunk := strings.Repeat(again, 1<<16)
		for {
			if _, err := io.WriteString(c, chunk); err != nil {
				return
			}
		}
	})
	c := open(t, Options{URL: "redis://" + addr})
	if _, err := c.Read(context.Background(), []datasource.Request{all(ref(datasource.KindString, "k"))}); err == nil {
		t.Error("read without a fault")
	}
}
