//go:build slow

package redisdb

// burstSeconds is how long TestBurst publishes.
const burstSeconds = 5
