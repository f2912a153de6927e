"""The generated documentation says everything the types say."""

import json
from typing import Any

import msgspec
import pytest

from nguon.wire import docs, meanings, messages
from nguon.wire.examples import FULL, LEAST
from nguon.wire.ladder import Level

KINDS = (*docs.DOWN, *docs.UP)


def tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


def test_every_message_there_is_is_documented() -> None:
    defined = {
        thing
        for thing in vars(messages).values()
        if isinstance(thing, type)
        and issubclass(thing, messages.Message)
        and thing not in (messages.Message, messages.Order)
    }
    assert set(KINDS) == defined
    assert {type(message) for message in LEAST} == {type(message) for message in FULL} == defined
    text = docs.render()
    assert all(f"### `{tag(kind)}`" in text for kind in KINDS)
    assert "<!--" not in text


@pytest.mark.parametrize(
    "kind",
    [
        *KINDS,
        messages.Content,
        messages.Stream,
        messages.Document,
        messages.Plan,
        messages.Span,
        messages.Limit,
        messages.Authority,
        messages.Delegate,
    ],
)
def test_every_field_has_a_meaning_and_no_meaning_is_left_over(kind: type[msgspec.Struct]) -> None:
    fields = {field.name for field in msgspec.structs.fields(kind)} - set(meanings.COMMON)
    assert set(meanings.FIELDS[docs.name_of(kind)]) == fields


def test_every_stage_reason_and_rung_has_a_meaning() -> None:
    assert list(meanings.STAGES) == list(messages.Stage)
    assert list(meanings.REASONS) == list(messages.Reason)
    assert list(meanings.LEVELS) == list(Level)
    assert set(meanings.FINAL) < set(messages.Stage)


@pytest.mark.parametrize("message", FULL, ids=lambda message: tag(type(message)))
def test_full_means_every_field_differs_from_its_default(message: msgspec.Struct) -> None:
    for field in msgspec.structs.fields(type(message)):
        if field.name not in ("channel", "stream"):  # there is one kind so far; and an order has one sound
            assert getattr(message, field.name) != field.default, field.name


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_every_field_its_bounds_and_meaning(kind: type[msgspec.Struct]) -> None:
    schema: dict[str, Any] = json.loads(docs.schemas()[f"{tag(kind)}.json"])
    part = schema["$defs"][kind.__name__]
    assert schema["$ref"] == f"#/$defs/{kind.__name__}"
    assert part["properties"]["type"] == {"enum": [tag(kind)]}
    fields = msgspec.structs.fields(kind)
    assert set(part["properties"]) == {"type", *(field.name for field in fields)}
    assert set(part["required"]) == {"type", *(field.name for field in fields if field.required)}
    assert all("description" in about for name, about in part["properties"].items() if name != "type")
    assert "additionalProperties" not in part
