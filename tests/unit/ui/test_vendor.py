"""What is vendored is what VENDOR.md says, byte for byte, and each package has its licence."""

import re
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[3] / "src/nguon/ui/static/vendor"


def test_files_are_pinned() -> None:
    said = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (VENDOR / "VENDOR.md").read_text(), re.MULTILINE))
    found = {
        str(path.relative_to(VENDOR)): sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.suffix in (".js", ".woff2")
    }
    assert found
    assert said == found


def test_each_package_has_its_licence() -> None:
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert [path for path in folder.iterdir() if path.name in ("LICENSE", "OFL.txt")], folder


def test_what_only_tests_use_is_pinned_too() -> None:
    folder = Path(__file__).resolve().parents[2] / "browser/vendor"
    said = dict(re.findall(r"`([\w.-]+\.js)` \| `([0-9a-f]{64})`", (folder / "VENDOR.md").read_text()))
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.js")}
    assert found
    assert said == found
