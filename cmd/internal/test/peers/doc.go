// Package peers measures ticktop as a whole program against what else a trader
// could run: a dashboard written the obvious way, redis-cli, and sampler where
// it is installed. It has only benchmarks: `make bench-peers`.
package peers
