package main

import "strings"

// join puts the elements of a list variable together as flags take them.
func join(values []string) string { return strings.Join(values, ",") }
