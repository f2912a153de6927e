"""Lengths of time in milliseconds, and what a device is that was not told."""

CHANNEL = "speaker"
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MEMORY = 24 * HOUR  # what is over is remembered this long after its expiry
