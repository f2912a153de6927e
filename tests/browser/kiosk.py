"""`nguon agent kiosk` as a program of its own, with a browser that needs no screen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from nguon.kit.processes import die_with_parent

HEADLESS = "--headless --no-sandbox --disable-gpu --screen-info={640x360}"  # NGUON_BROWSER_OPTIONS
PATIENCE = 90.0  # seconds, on a machine shared with others


def a_kiosk(home: Path, server: str) -> subprocess.Popen[str]:
    """It runs; what it logs is in its stderr."""
    argv = [sys.executable, "-m", "nguon.cli", "agent", "kiosk", "--server", server, "--home", str(home)]
    return subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent)


def nguon(*words: str) -> subprocess.CompletedProcess[str]:
    """What `nguon agent WORDS` says."""
    argv = [sys.executable, "-m", "nguon.cli", "agent", *words]
    return subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE)


def status(home: Path) -> dict[str, Any]:
    """What the kiosk of this home says of itself."""
    found: dict[str, Any] = json.loads(nguon("kiosk-status", "--json", "--home", str(home)).stdout)
    return found
