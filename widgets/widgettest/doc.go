// Package widgettest tests pictures: golden files that are checked for their
// size before their content, sweeps over every size, state and bad input with
// an allow-list of what may reach a terminal, and fixed data of a trading desk
// in each of the states. It is for tests only.
package widgettest
