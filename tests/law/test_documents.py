"""The documents say what there is, and nothing else."""

import re
from pathlib import Path

import pytest

from nguon.cli import COMMANDS
from nguon.config.services import KINDS
from nguon.wire import docs as wire
from tests.law import code

READ = re.compile(
    r"environ(?:\.get|\.setdefault|\.pop)?[\[(]\s*'(NGUON_\w+)'|envvar='(NGUON_\w+)'|VARIABLE = '(NGUON_\w+)'"
)
TESTED = re.compile(r"'(NGUON_\w+)' (?:not )?in os\.environ")
ELSEWHERE = re.compile("|".join(("/work" + "/", r"\.\./" + "shared", "brief" + r"\.md", "/root" + "/")))


def settings_read() -> set[str]:
    """Every environment variable of ours that the program reads."""
    source = "\n".join(map(code.bare, code.python("src")))
    return {name for match in READ.findall(source) for name in match if name} | set(TESTED.findall(source))


def test_every_setting_is_documented_and_no_other() -> None:
    page = (code.ROOT / "docs/operator.md").read_text()
    documented = set(re.findall(r"^\| `(NGUON_\w+)`", page, re.MULTILINE))
    assert documented == settings_read()


def test_the_protocol_is_current() -> None:
    stale = [code.name(path) for path, data in wire.outputs().items() if not path.exists() or path.read_bytes() != data]
    assert stale == [], "run `make docs`"


def test_no_golden_file_or_schema_is_left_over() -> None:
    made = set(wire.outputs())
    there = {*(code.PACKAGE / "wire/golden").iterdir(), *(code.ROOT / "docs/schema").iterdir()}
    assert there <= made


def test_every_service_has_a_unit_and_every_unit_a_service() -> None:
    units = {path.stem.removeprefix("nguon-") for path in (code.ROOT / "deploy").glob("nguon-*.service")}
    assert units - {"agent", "kiosk"} == {kind.name for kind in KINDS} - {"clusters"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    from nguon.cli import main

    command = main.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help
    assert name == "manage" or len(command.help) > 40


def test_the_project_stands_alone() -> None:
    """Nothing names the place where it was made."""
    tops = [path for path in code.ROOT.iterdir() if path.is_file() and path.name != ".git"]
    found = []
    for path in [*tops, *code.files(".py", ".md", ".html", ".js", ".css", ".service", ".target", ".toml", ".json", "")]:
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{code.name(path)}:{at} {line.strip()}" for at, line in enumerate(lines, 1) if ELSEWHERE.search(line)
        ]
    assert found == [], "\n".join(found)


PAGES = [*code.files(".md", under=("docs",)), *(code.ROOT.glob("*.md"))]


def test_every_picture_is_shown_and_light() -> None:
    shown = set(re.findall(r"images/([\w-]+\.\w+)", "\n".join(page.read_text() for page in PAGES)))
    there = {path.name: path.stat().st_size for path in (code.ROOT / "docs/images").iterdir()}
    assert shown == set(there)
    assert {name: size for name, size in there.items() if size > 150_000} == {}


@pytest.mark.parametrize("page", PAGES, ids=code.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)|<img src=\"([^\"]+)\"", page.read_text())
    local = [link for found in links if not re.match(r"[a-z]+:", link := "".join(found))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (code.ROOT / "docs/adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
