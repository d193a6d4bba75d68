// Ticktop is a terminal dashboard for trading data in Redis.
package main

import "os"

// Set by the release build.
var (
	version = ""
	commit  = ""
	date    = ""
)

func main() { os.Exit(run(os.Args[1:])) }
