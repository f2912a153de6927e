"""The lexicons: data files beside the code, read once. To teach the reader a word, add a line there."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Tree = dict[str, "_Tree"]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def table(name: str) -> dict[str, Any]:
    """The whole of `data/<name>.yaml`."""
    text = files("nguon.speech").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=_LOADER)
    return found


@cache
def words(name: str, section: str) -> dict[str, str]:
    """One section of a data file as plain strings."""
    return {str(key): str(value) for key, value in table(name)[section].items()}


@cache
def cues(section: str) -> str:
    """A regular expression pattern of the cue words of one section of `cues.yaml`."""
    return alternation(table("cues")[section])


def alternation(entries: Iterable[str]) -> str:
    """A pattern of all entries, the longest that fits first, blanks loose; as a tree of letters many cost little."""
    tree: _Tree = {}
    for entry in map(str, entries):
        node = tree
        for character in entry:
            node = node.setdefault(character, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: _Tree) -> str:
    said = []
    for character in sorted(filter(None, node)):
        head = r"\s+" if character == " " else re.escape(character)
        said.append(head + _branches(node[character]))
    if not said:
        return ""
    if len(said) == 1 and "" not in node:
        return said[0]
    return f"(?:{'|'.join(said)})" + ("?" if "" in node else "")
