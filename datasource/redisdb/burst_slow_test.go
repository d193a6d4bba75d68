//go:build slow

package redisdb

// burstRounds is how many times 2,000 messages TestBurst publishes.
const burstRounds = 2000
