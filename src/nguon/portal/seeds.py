"""The sections that every site begins with. Facts with their legal basis, kept as data beside this file."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("sections.yaml")


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, Any], ...]:
    """Each section as the fields of `Section`, in order; `number` counts from 10 by tens."""
    found: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple({"verified": False, "number": 10 * at, **row} for at, row in enumerate(found, start=1))
