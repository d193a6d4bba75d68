package main

import "golang.org/x/sys/unix"

const ioctlGetTermios = unix.TIOCGETA

const ioctlSetTermios = unix.TIOCSETA

const ioctlWaiting = 0x4004667f // FIONREAD: how many bytes can be read
