"""Every verb that anything records has words for the officer."""

import re
from pathlib import Path

import nguon
from nguon.journal.vocabulary import VERBS

SOURCE = Path(nguon.__file__ or "").parent
VERB = re.compile(r'(?:verb=|_?record\((?:actor, )?|verb = )"([a-z]+\.[a-z_-]+)"')


def recorded() -> set[str]:
    return {verb for path in SOURCE.rglob("*.py") for verb in VERB.findall(path.read_text(encoding="utf-8"))}


def test_every_verb_has_words() -> None:
    found = recorded()
    assert "places.reorganise" in found
    assert "people.create" in found
    assert found - VERBS.keys() == set()
