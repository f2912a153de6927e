"""Bytes ↔ messages: JSON in UTF-8, at most `LIMIT` bytes; a plan has at most `PLAN_LIMIT`."""

from typing import TypeVar

import msgspec

from nguon.wire.messages import Delegate, Down, Message, Plan, Up

LIMIT = 65_536
PLAN_LIMIT = 2_097_152
T = TypeVar("T")
_encoder = msgspec.json.Encoder()
_down: msgspec.json.Decoder[Down] = msgspec.json.Decoder(Down)
_plan: msgspec.json.Decoder[Plan] = msgspec.json.Decoder(Plan)
_delegate: msgspec.json.Decoder[Delegate] = msgspec.json.Decoder(Delegate)
_up: msgspec.json.Decoder[Up] = msgspec.json.Decoder(Up)


class Malformed(ValueError):
    """Bytes that are no message of ours; the text says what is wrong and where."""


def encode(message: Message | Plan | Delegate) -> bytes:
    """The bytes of a message."""
    return _encoder.encode(message)


def decode_down(data: bytes) -> Down:
    """What a device hears. Raises Malformed."""
    return _decode(_down, data)


def decode_up(data: bytes) -> Up:
    """What a server hears. Raises Malformed."""
    return _decode(_up, data)


def decode_plan(data: bytes) -> Plan:
    """The document a device lives by. Raises Malformed."""
    return _decode(_plan, data, PLAN_LIMIT)


def decode_delegate(data: bytes) -> Delegate:
    """An authority's word for somebody's key. Raises Malformed."""
    return _decode(_delegate, data)


def _decode(decoder: msgspec.json.Decoder[T], data: bytes, limit: int = LIMIT) -> T:
    if len(data) > limit:
        raise Malformed(f"{len(data)} bytes, the limit is {limit}")
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
