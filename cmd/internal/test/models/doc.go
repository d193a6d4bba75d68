// Package models holds tests only: data models of trading platforms as their
// own producers write them, and what ticktop makes of them.
//
// A model is a producer (Write), a configuration written by hand for it
// (testdata/NAME.yaml), and for each datum of that configuration the value that
// is expected (Data), worked out from Redis by a few lines that share no code
// with ticktop: see readers_test.go. TestSnapshot_EqualsRedis lets the producer
// write, stops it, takes a snapshot and compares every field.
//
// To add a model: one file NAME_test.go with a Model, its configuration in
// testdata, its name in the list of models_test.go. The test itself says which
// keys no datum reads and which data nothing is expected of.
//
// TestDiscover_IsAcceptedByCheck and TestFirstScreen_ShowsTheModel let the same
// producers write on: what discover prints must be accepted by check, and plain
// ticktop on a real pty must show what discoveries says of the model.
package models
