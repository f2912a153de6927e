"""Ids: UUIDs whose order is the order of their making (RFC 9562, version 7)."""

import os
import time
import uuid


def new() -> uuid.UUID:
    """A fresh time-ordered UUID (48 bits of milliseconds, 74 random bits)."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return uuid.UUID(int=value | (0x7 << 76) | (0x2 << 62))


def short(value: uuid.UUID) -> str:
    """The 32 hexadecimal digits of an id: its form on the wire, in topics and in addresses."""
    return value.hex
