"""What a board's page hears, as data for its decoder: `static/board/wire/schemas.js`, made from the types of the wire.

`python -m nguon.channels.board.schemas` writes it; a test fails when it is not current.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from nguon.channels.board.scene import Scene
from nguon.wire.messages import Ack, Delegate, Keys, NewPlan, Plan, Play, Settings, Stop
from nguon.wire.seal import Sealed

FILE = Path(__file__).parent / "static" / "board" / "wire" / "schemas.js"
KINDS = (Play, Stop, Settings, NewPlan, Keys, Ack, Plan, Delegate, Sealed, Scene)
SAID = ("title", "description")  # for people: the page needs none of it
HEAD = "/* Made from the types of the server by `python -m nguon.channels.board.schemas`: not to be edited. */\n"


def render() -> str:
    """The whole file."""
    _schemas, defs = msgspec.json.schema_components(KINDS)
    lines = [f"  {name}: {json.dumps(_bare(defs[name]), ensure_ascii=False)}," for name in sorted(defs)]
    return "\n".join([HEAD + "export const DEFS = {", *lines, "};", ""])


def _bare(schema: Any) -> Any:
    """A schema without the words for people."""
    if isinstance(schema, list):
        return [_bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in SAID or isinstance(value, dict)}
    return {
        key: {name: _bare(shape) for name, shape in value.items()} if key == "properties" else _bare(value)
        for key, value in kept.items()
    }


if __name__ == "__main__":
    FILE.write_text(render())
