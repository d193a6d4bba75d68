// Package chrome draws what stands around a dashboard: the top bar with its
// tabs and lights, the footer, banners, the card for a screen that is too
// small, and the boxes of help, palette, inspector and the other overlays.
//
// Everything here is a pure function of plain data, a palette and a size; the
// session's state and what keys do belong to package ui. Untrusted text comes
// in as datasource.Safe.
package chrome
