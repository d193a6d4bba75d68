package redisdb

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// clientName is what CLIENT LIST shows of our connections.
const clientName = "ticktop"

// nameHook names a connection within its HELLO. A CLIENT SETNAME of its own
// would cost every connection a round trip, and a user without that right an
// entry in ACL LOG; HELLO needs no right. A server without HELLO shows no name.
type nameHook struct{}

// DialHook implements redis.Hook.
func (nameHook) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook.
func (nameHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (nameHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		hello, ok := cmd.(*redis.MapStringInterfaceCmd)
		if !ok || cmd.Name() != "hello" || isNamed(cmd.Args()) {
			return next(ctx, cmd)
		}
		named := redis.NewMapStringInterfaceCmd(ctx, append(cmd.Args()[:len(cmd.Args()):len(cmd.Args())], "setname", clientName)...)
		err := next(ctx, named)
		hello.SetVal(named.Val())
		hello.SetErr(err)
		return err
	}
}

// isNamed reports whether the URL has a client_name of its own.
func isNamed(args []any) bool {
	for _, a := range args {
		if a == "setname" {
			return true
		}
	}
	return false
}
