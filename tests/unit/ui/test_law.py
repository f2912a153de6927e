"""What the content policy and the house ask of pages, styles and scripts."""

import re
from collections.abc import Awaitable
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from nguon.ui.middleware import POLICY, ContentPolicyMiddleware
from nguon.ui.templatetags import ui

UI = Path(__file__).resolve().parents[3] / "src/nguon/ui"
TEMPLATES = sorted(UI.rglob("*.html"))
STYLES = sorted((UI / "static/ui").glob("*.css"))
PUBLIC = "public.css"  # pages for everybody load no other sheet of ours: its tokens are at its own head
SCRIPTS = sorted((UI / "static/ui").glob("*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_pages_hold_no_style_and_no_script(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"<style|\son[a-z]+=|hx-on|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


@pytest.mark.parametrize("path", [*TEMPLATES, *STYLES, *SCRIPTS], ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", path.read_text())


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_named_in_one_place(path: Path) -> None:
    source = path.read_text()
    rules = re.sub(r"--[a-z0-9-]+: #[0-9a-f]{6};", "", source) if path.name == PUBLIC else source
    if path.name != "tokens.css":
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", rules)
    assert len(source.splitlines()) <= 400


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    tokens = path if path.name == PUBLIC else UI / "static/ui/tokens.css"
    known = set(re.findall(r"(--[a-z0-9-]+):", tokens.read_text()))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", path.read_text())) <= known


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_modules_are_small_and_bring_no_words(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) < 120
    assert not re.search(r"[ăâđêôơưáàảãạếềểễệ]", source), "words belong in templates, where they are translated"
    assert not re.search(r"\beval\(|new Function|innerHTML", source)


def test_htmx_may_not_evaluate() -> None:
    source = (UI / "templates/ui/base.html").read_text()
    assert '"allowEval":false' in source
    assert '"includeIndicatorStyles":false' in source


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing(name: str) -> None:
    source = get_template(name).render()
    assert '<html lang="vi">' in source
    assert "Về trang tổng quan" in source


def test_policy_is_on_every_answer() -> None:
    answer = ContentPolicyMiddleware(lambda request: HttpResponse())(HttpRequest())
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


async def test_policy_is_on_every_answer_of_an_async_server() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    answer = ContentPolicyMiddleware(view)(HttpRequest())
    assert isinstance(answer, Awaitable)
    assert (await answer)["Content-Security-Policy"] == "default-src 'none'"


def test_every_tag_is_documented() -> None:
    source = (UI.parents[2] / "docs/ui.md").read_text()
    for name in ui.register.tags:
        assert f"{{% {name}" in source, name
