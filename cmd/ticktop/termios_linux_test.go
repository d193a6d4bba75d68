package main

import "golang.org/x/sys/unix"

const ioctlGetTermios = unix.TCGETS

const ioctlSetTermios = unix.TCSETS

const ioctlWaiting = unix.TIOCINQ // how many bytes can be read
