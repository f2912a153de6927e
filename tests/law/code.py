"""What the laws look at: the files of the project and their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/nguon"
OURS = ("src", "tests", "docs", "tools", "deploy", ".ci")


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(), str(path))


def files(*suffixes: str, under: tuple[str, ...] = OURS) -> list[Path]:
    """Our own files with these suffixes: nothing vendored, generated or cached."""
    found = (path for top in under for path in (ROOT / top).rglob("*") if path.suffix in suffixes and path.is_file())
    foreign = {"vendor", "__pycache__", "golden"}
    return sorted(path for path in found if not foreign & set(path.parts))


def python(*under: str) -> list[Path]:
    """Our Python files without migrations."""
    return [path for path in files(".py", under=under or ("src", "tests")) if "migrations" not in path.parts]


def templates() -> list[Path]:
    """Our page templates."""
    return files(".html", under=("src",))


def apps() -> list[Path]:
    """The folders of our Django apps."""
    return sorted(path.parent for path in PACKAGE.glob("*/apps.py"))


def name(path: Path) -> str:
    """A path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every dotted name a file imports (`from a import b` gives `a` and `a.b`), with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@cache
def bare(path: Path) -> str:
    """The code of a Python file without comments and docstrings, in one fixed form."""
    module = ast.parse(path.read_text())
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(module)
