"""The lexicons: data files beside the code, read once. To teach the reader a word, add a line there."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

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
    """A regular expression alternation of the cue words of one section of `cues.yaml`, longest first."""
    return alternation(table("cues")[section])


def alternation(entries: Iterable[str]) -> str:
    """Entries as one alternation, longest first, spaces loose."""
    ordered = sorted(map(str, entries), key=lambda entry: (-len(entry), entry))
    return "|".join(re.escape(entry).replace(r"\ ", r"\s+") for entry in ordered)
