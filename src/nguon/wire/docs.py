"""The documentation of the protocol, made from the types: docs/protocol.md, JSON Schemas, golden examples.

`python -m nguon.wire.docs` writes them (`make docs`); a test fails when they are not current.
"""

import json
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from nguon.wire import codec, ladder, meanings, topics
from nguon.wire.examples import golden
from nguon.wire.messages import (
    Ack,
    Authority,
    Content,
    Delegate,
    Document,
    Keys,
    Limit,
    NewPlan,
    Photos,
    Plan,
    Play,
    Presence,
    Receipt,
    Refusal,
    Settings,
    Span,
    Stop,
    Stream,
    Vitals,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DOWN: tuple[type[msgspec.Struct], ...] = (Play, Stop, Settings, NewPlan, Keys, Ack)
UP: tuple[type[msgspec.Struct], ...] = (Receipt, Vitals, Refusal, Presence)
DOCUMENTS: tuple[type[msgspec.Struct], ...] = (Plan, Delegate)
_TAGS = {kind.__name__: str(kind.__struct_config__.tag) for kind in (*DOWN, *UP)}
_LAST_MILLIS = 253_402_300_799_999  # the bound of every time
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def render() -> str:
    """The whole of docs/protocol.md: the prose of `protocol.in.md` with its marks replaced by what the types say."""
    text = (HERE / "protocol.in.md").read_text()
    for mark, made in _parts().items():
        assert mark in text, mark
        text = text.replace(mark, made)
    return text


def schemas() -> dict[str, str]:
    """JSON Schema files by name, one for each message."""
    return {
        f"{name_of(kind)}.json": json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in (*DOWN, *UP, *DOCUMENTS)
    }


def outputs() -> dict[Path, bytes]:
    """Every generated file with its path in the repository."""
    made = {ROOT / "docs/protocol.md": render().encode()}
    made |= {ROOT / "docs/schema" / name: text.encode() for name, text in schemas().items()}
    return made | {HERE / "golden" / name: data for name, data in golden().items()}


def write() -> list[Path]:
    """Write what is not current; which files that were."""
    stale = [(path, data) for path, data in outputs().items() if not path.exists() or path.read_bytes() != data]
    for path, data in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [path for path, _ in stale]


def _parts() -> dict[str, str]:
    return {
        "<!-- topics -->": _topics(),
        "<!-- down -->": "\n".join(_message(kind) for kind in DOWN),
        "<!-- up -->": "\n".join(_message(kind) for kind in UP),
        "<!-- content -->": _fields(Content),
        "<!-- stream -->": _fields(Stream),
        "<!-- authority -->": _fields(Authority),
        "<!-- delegate -->": _fields(Delegate),
        "<!-- document -->": _fields(Document),
        "<!-- plan -->": _message(Plan),
        "<!-- span -->": _fields(Span),
        "<!-- photos -->": _fields(Photos),
        "<!-- limit of volume -->": _fields(Limit),
        "<!-- plan limit -->": f"{codec.PLAN_LIMIT:,}",
        "<!-- ladder -->": _table(
            ("Level", "Name", "Meaning"),
            [(f"{level:d}", level.name, meanings.LEVELS[level]) for level in ladder.Level],
        ),
        "<!-- stages -->": _table(
            ("Stage", "Final", "Meaning"),
            [(f"`{s}`", "yes" if s in meanings.FINAL else "", words) for s, words in meanings.STAGES.items()],
        ),
        "<!-- reasons -->": _table(
            ("Reason", "Meaning"), [(f"`{reason or '(empty)'}`", w) for reason, w in meanings.REASONS.items()]
        ),
        "<!-- sealed -->": _code(golden()["sealed.play.json"], wrap=True),
        "<!-- emergency -->": _code(golden()["sealed.emergency.json"], wrap=True),
        "<!-- limit -->": f"{codec.LIMIT:,}",
        "<!-- sealed limit -->": f"{2 * codec.LIMIT:,}",
    }


def _topics() -> str:
    device, area, channel = "<device>", "<area>", "<channel>"
    rows = [
        (topics.down(device), "server → device", "sealed: play, stop, settings, new-plan, keys, ack", "no"),
        (topics.area(area, channel), "server → every device of one channel in the area", "sealed: play, stop", "no"),
        (topics.up(device, "receipt"), "device → server", "receipt", "no"),
        (topics.up(device, "vitals"), "device → server", "vitals", "no"),
        (topics.up(device, "refusal"), "device → server", "refusal", "no"),
        (topics.up(device, "presence"), "device → server", "presence", "yes, also as last will"),
    ]
    return _table(("Topic", "Direction", "Carries", "Retained"), [(f"`{row[0]}`", *row[1:]) for row in rows])


def _message(kind: type[msgspec.Struct]) -> str:
    name = name_of(kind)
    words = " ".join((kind.__doc__ or "").split())
    files = golden()
    return "\n".join(
        [
            f"### `{name}`\n",
            f"{words}\n",
            _fields(kind),
            f"\nLeast, and with every field ([schema](schema/{name}.json)):\n",
            _code(files[f"{name}.least.json"]),
            "",
            _code(files[f"{name}.full.json"]),
            "",
        ]
    )


def _fields(kind: type[msgspec.Struct]) -> str:
    """The table of a message's fields: type, bounds, default, meaning."""
    rows = (
        [] if kind.__struct_config__.tag is None else [("`type`", f'"{name_of(kind)}"', "required", "Kind of message.")]
    )
    hints = msgspec.structs.fields(kind)
    own = meanings.FIELDS[name_of(kind)]
    rows += [(f"`{f.name}`", _type(f.type), _default(f), own.get(f.name) or meanings.COMMON[f.name]) for f in hints]
    return _table(("Field", "Type", "If absent", "Meaning"), rows)


def _type(hint: Any) -> str:
    """A type in words, with its bounds and its unit."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *metas = get_args(hint)
        return ", ".join(
            [_type(base), *filter(None, (_bounds(meta, listed=get_origin(base) is tuple) for meta in metas))]
        )
    if origin in (Union, types.UnionType):
        return " or ".join(_type(each) for each in get_args(hint) if each is not type(None))
    if origin is tuple:
        return f"list of ({_type(get_args(hint)[0])})"
    names = {str: "text", int: "integer", float: "number", bool: "true or false"}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return f"object, see {hint.__name__}"
    return names.get(hint) or f"one of the {hint.__name__.lower()}s below"


def _bounds(meta: msgspec.Meta, *, listed: bool = False) -> str:
    if meta.pattern:
        return str(meta.description)
    if meta.le == _LAST_MILLIS:
        return "a time in milliseconds"
    said = []
    if meta.ge is not None and meta.le is not None:
        said.append(f"{meta.ge:,}–{meta.le:,}")
    elif meta.ge is not None:
        said.append(f"≥ {meta.ge:,}")
    if meta.max_length is not None:
        said.append(f"at most {meta.max_length:,} {'entries' if listed else 'characters'}")
    return ", ".join([*said, *([str(meta.description)] if meta.description else [])])


def _default(field: FieldInfo) -> str:
    if field.default is msgspec.NODEFAULT:
        return "required"
    if field.default is None:
        return "none"
    if field.default == ():
        return "empty list"
    return f"`{json.dumps(field.default)}`"


def _schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema msgspec gives, with the meaning of each field. Unknown fields stay allowed."""
    (made,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    for part in parts.values():
        part["description"] = " ".join(part.get("description", "").split())
        own = meanings.FIELDS.get(_TAGS.get(part.get("title", "")) or part.get("title", "").lower(), {})
        for field, about in part.get("properties", {}).items():
            if words := own.get(field) or meanings.COMMON.get(field):
                about.setdefault("description", words)
    return {"$schema": _SCHEMA, "title": f"nguon {name_of(kind)}", **made, "$defs": parts}


def name_of(kind: type[msgspec.Struct]) -> str:
    """How a type is called in the documentation: its tag, if it is a message."""
    tag = kind.__struct_config__.tag
    return str(tag) if tag else kind.__name__.lower()


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _code(data: bytes, *, wrap: bool = False) -> str:
    text = data.decode()
    if wrap:
        text = "\n".join(text[at : at + 110] for at in range(0, len(text), 110))
    return f"```json\n{text}\n```"


if __name__ == "__main__":
    for changed in write():
        print(f"written: {changed.relative_to(ROOT)}")
