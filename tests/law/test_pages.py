"""Pages obey the content policy: nothing inline, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from nguon.ui import drawing, middleware
from tests.law import code

INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")|\son[a-z]+\s*=|\bhx-on\b|javascript:",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"(?:src|href|action|hx-(?:get|post)|url\(|from|import)\s*[=(]?\s*[\"']?(?:https?:)?//", re.IGNORECASE
)
UNSAFE = re.compile(r"\|\s*safe\b|\bautoescape off\b|\bmark_safe\(\s*f[\"']")


@pytest.mark.parametrize("page", code.templates(), ids=code.name)
def test_no_script_or_style_inside_a_page(page: Path) -> None:
    assert INLINE.findall(page.read_text()) == []


@pytest.mark.parametrize("page", code.templates(), ids=code.name)
def test_nothing_of_a_page_is_let_through_unescaped(page: Path) -> None:
    assert UNSAFE.findall(page.read_text()) == []


def test_no_code_marks_a_made_up_string_safe() -> None:
    found = [code.name(path) for path in code.python("src") if UNSAFE.search(path.read_text())]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("path", code.files(".html", ".css", ".js", under=("src",)), ids=code.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert ELSEWHERE.findall(path.read_text()) == []


@pytest.mark.parametrize("page", code.templates(), ids=code.name)
def test_every_icon_of_a_page_is_drawn(page: Path) -> None:
    named = re.findall(r"\{% icon \"([\w-]+)\"|\bicon=\"([\w-]+)\"", page.read_text())
    assert {name for pair in named for name in pair if name} <= set(drawing.names())


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in middleware.POLICY
    assert "default-src 'self'" in middleware.POLICY
    assert "http" not in middleware.POLICY


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ('<script src="/static/x.js" defer></script>', True),
        ('<script type="module" src="x.js"></script>', True),
        ("<script>alert(1)</script>", False),
        ('<p style="color:red">', False),
        ('<b onclick="x()">', False),
        ('<a href="javascript:x()">', False),
        ('<button hx-on:click="x()">', False),
        ('<p class="style on">only = text</p>', True),
    ],
)
def test_the_law_itself_sees_what_is_inline(source: str, clean: bool) -> None:
    assert (not INLINE.search(source)) is clean
