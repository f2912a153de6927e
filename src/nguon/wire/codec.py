"""Bytes ↔ messages: JSON in UTF-8, at most `LIMIT` bytes."""

from typing import TypeVar

import msgspec

from nguon.wire.messages import Down, Message, Up

LIMIT = 65_536
T = TypeVar("T")
_encoder = msgspec.json.Encoder()
_down: msgspec.json.Decoder[Down] = msgspec.json.Decoder(Down)
_up: msgspec.json.Decoder[Up] = msgspec.json.Decoder(Up)


class Malformed(ValueError):
    """Bytes that are no message of ours; the text says what is wrong and where."""


def encode(message: Message) -> bytes:
    """The bytes of a message."""
    return _encoder.encode(message)


def decode_down(data: bytes) -> Down:
    """What a device hears. Raises Malformed."""
    return _decode(_down, data)


def decode_up(data: bytes) -> Up:
    """What a server hears. Raises Malformed."""
    return _decode(_up, data)


def _decode(decoder: msgspec.json.Decoder[T], data: bytes) -> T:
    if len(data) > LIMIT:
        raise Malformed(f"{len(data)} bytes, the limit is {LIMIT}")
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
