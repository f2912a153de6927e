"""The sentences of the interface: those in our code and pages, and those in a catalogue. No gettext tools needed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from tests.law import code


class Sentence(NamedTuple):
    """What a translation is looked up by."""

    context: str
    one: str
    many: str = ""

    @property
    def key(self) -> str:
        """As a compiled catalogue knows it."""
        return f"{self.context}\x04{self.one}" if self.context else self.one


@dataclass
class Entry:
    """One sentence of a catalogue with its translation: one form, or as many as the language has plurals."""

    sentence: Sentence
    forms: list[str]
    flags: str = ""


MARK = re.compile(r"^(_|n?p?gettext)(_lazy|_noop)?$")
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)")


def collected() -> set[Sentence]:
    """Every sentence marked for translation in our Python and our pages."""
    of_code = (found for path in code.python("src/nguon") for found in in_python(code.tree(path)))
    of_pages = (found for page in code.templates() for found in in_page(page.read_text()))
    return {*of_code, *of_pages}


def in_python(module: ast.Module) -> Iterator[Sentence]:
    """The sentences of calls such as `_("…")`; what is only known at run time was marked elsewhere."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (mark := MARK.match(called(node))):
            words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                yield sentence(mark[1], words)


def in_page(text: str) -> Iterator[Sentence]:
    """The sentences of a page, read by Django's own reader of pages."""
    for mark, strings in CALL.findall(templatize(text)):
        yield sentence(mark, [ast.literal_eval(one) for one in re.findall(STRING, strings)])


def sentence(mark: str, words: list[str]) -> Sentence:
    """What the strings of a call mean, by the name of the call."""
    context = words.pop(0) if "p" in mark else ""
    return Sentence(context, words[0], words[1] if mark.startswith("n") else "")


def called(node: ast.Call) -> str:
    """The bare name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def entries(po: Path) -> list[Entry]:
    """A catalogue in the form that people write. The first entry is its head, with an empty sentence."""
    return [entry(block) for block in po.read_text().strip().split("\n\n")]


def entry(block: str) -> Entry:
    """One entry from its lines."""
    parts: dict[str, str] = {}
    keyword = flags = ""
    for line in block.splitlines():
        if line.startswith("#"):
            flags += line[2:] if line.startswith("#,") else ""
            continue
        if not line.startswith('"'):
            keyword, _space, line = line.partition(" ")
        parts[keyword] = parts.get(keyword, "") + ast.literal_eval(line)
    found = Sentence(parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
    return Entry(found, [text for word, text in parts.items() if word.startswith("msgstr")], flags)
