// Package broadcast shows one picture to many terminals. Sessions that show
// the same thing form a group: the group renders once a frame, parses the
// result into one virtual screen, and every terminal is sent the diff
// between what it last received and that screen. Members that are in step need
// the same diff, which is computed once; one that fell behind, resized
// or has just joined gets its own diff, up to a whole frame.
//
// Nothing here knows what a page means.
package broadcast
