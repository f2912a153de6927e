"""The shape of the house: floors, sizes, the files of an app and their order of trust."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.law import code

LINES = 400
FUNCTION_LINES = 50
TRUST = ("urls", "views", "jobs", "forms", "actions", "queries", "models", "rules")
RANK = {name: rank for rank, name in enumerate(TRUST)} | {"jobs": TRUST.index("views")}
ENGINE = re.compile(r"connections?\b[^\n]*\.vendor\b|django\.db\.backends|\bsqlite|psycopg|postgres", re.IGNORECASE)


def test_imports_go_down_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=code.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_contract_ignores_an_import() -> None:
    assert "ignore_imports" not in (code.ROOT / "pyproject.toml").read_text()


def test_no_file_is_too_long() -> None:
    kinds = code.files(".html", ".js", ".css", under=("src",))
    lengths = {code.name(path): len(path.read_text().splitlines()) for path in [*code.python(), *kinds]}
    assert {path: lines for path, lines in lengths.items() if lines > LINES} == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for path in code.python():
        for node in ast.walk(code.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{code.name(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


@pytest.mark.parametrize("app", code.apps(), ids=lambda app: app.name)
def test_trust_goes_one_way_inside_an_app(app: Path) -> None:
    """A module of the order may reach only those after it, itself or through helpers beside it."""
    graph = {path.stem: _beside(path, app) for path in app.glob("*.py")}
    wrong = []
    for start in set(graph) & set(RANK):
        for reached in _reach(start, graph):
            if reached in RANK and RANK[reached] < RANK[start]:
                wrong.append(f"{app.name}.{start} reaches {reached}")
    assert wrong == [], "\n".join(wrong)


def _beside(path: Path, app: Path) -> set[str]:
    """The modules of the same app that a file imports."""
    own = f"nguon.{app.name}."
    return {module.removeprefix(own).split(".")[0] for module, _ in code.imports(path) if module.startswith(own)}


def _reach(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for module in graph.get(waiting.pop(), set()) - seen:
            seen.add(module)
            waiting.append(module)
    return seen - {start}


@pytest.mark.parametrize("app", code.apps(), ids=lambda app: app.name)
def test_an_app_with_addresses_has_the_files_for_them(app: Path) -> None:
    assert not (app / "urls.py").exists() or (app / "views.py").exists() or (app / "views").is_dir()
    assert not (app / "actions.py").exists() or not (app / "urls.py").exists() or (app / "queries.py").exists()
    assert not (app / "models.py").exists() or (app / "migrations/0001_initial.py").exists()


@pytest.mark.parametrize("path", sorted(code.PACKAGE.glob("*/rules.py")), ids=lambda path: path.parent.name)
def test_rules_are_pure(path: Path) -> None:
    """No Django, no clock, no disk, no network: a rule gives the same answer for the same words."""
    impure = ("django", "os", "time", "socket", "pathlib", "subprocess", "random", "requests", "httpx")
    found = {module for module, _ in code.imports(path) if module.split(".")[0] in impure}
    assert found == set()
    assert not re.search(r"\.now\(|\.today\(|clock\.now|\bopen\(", code.bare(path))


def test_nothing_happens_behind_the_back() -> None:
    """No signals, no logic in save() or delete() of a model."""
    found = []
    for path in code.python("src"):
        found += [f"{code.name(path)}:{line} {module}" for module, line in code.imports(path) if _is_signal(module)]
        if path.name == "models.py" or "models" in path.parent.parts[-1:]:
            found += [f"{code.name(path)}:{node.lineno} {node.name}()" for node in _methods(path)]
    assert found == [], "\n".join(found)


def _is_signal(module: str) -> bool:
    return module.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals"))


def _methods(path: Path) -> list[ast.FunctionDef]:
    banned = {"save", "delete", "save_base", "full_clean", "clean"}
    return [node for node in ast.walk(code.tree(path)) if isinstance(node, ast.FunctionDef) and node.name in banned]


def test_only_config_and_plugs_know_the_engine() -> None:
    found = []
    for path in code.python("src"):
        if path.relative_to(code.PACKAGE).parts[0] in ("config", "plugs"):
            continue
        found += [f"{code.name(path)}: {line.strip()}" for line in code.bare(path).splitlines() if ENGINE.search(line)]
    assert found == [], "\n".join(found)


def test_git_ignores_nothing_that_the_program_needs() -> None:
    """A pattern of .gitignore once hid a folder of the package: it worked here and nowhere else."""
    if not (code.ROOT / ".git").exists():
        pytest.skip("not a checkout")
    ask = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "src", "tests", "docs", "deploy", "tools"]
    ignored = subprocess.run(ask, cwd=code.ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [path for path in ignored if "__pycache__" not in path and ".egg-info" not in path] == []


@pytest.mark.django_db
def test_migrations_are_in_step(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)
