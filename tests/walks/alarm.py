"""A commune with loudspeakers, and alerts that go wrong on purpose: the helper of tests/walks/test_alert_faults_*.py.

Everything is real: `nguon up`, its broker, devices in processes of their own whose recorder writes what is heard. What
must hold of every fault is in `Town.heard`: each saying, by each cluster, once and whole, nothing that was not signed.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from nguon.agent import sound
from nguon.kit.processes import die_with_parent
from tests.ports.agent_help import seconds_of
from tests.services import Server

PATIENCE = 240.0  # seconds; on a machine shared with others, and after a fault that may last a minute
HAMLETS = ["Quảng Vân", "Lộc Hạ", "Liêm Thuận"]  # the last has a cluster without power
TEXT = "Lũ trên sông Hà Thanh đang lên nhanh. Bà con thôn ven sông lên chỗ cao ngay."
EXACT = 0.7  # seconds a recording may differ from the sound: frames, and the pace of the recorder


class Refused(Exception):
    """What the server says to an officer who may not."""


class Alert(NamedTuple):
    """One that waits for its second hand."""

    id: str
    digest: str


class Clerk:
    """The clerk of `tests.walks.clerk`, ready. One act at a time; `ask` and `answer` apart for two clerks at once."""

    def __init__(self, env: Mapping[str, str]) -> None:
        argv = [sys.executable, "-m", "tests.walks.clerk"]
        self._process = subprocess.Popen(
            argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent
        )
        self.answer()

    def do(self, what: str, **given: Any) -> Any:
        """One act, and what came of it. Raises Refused."""
        self.ask(what, **given)
        return self.answer()

    def ask(self, what: str, *, at: float = 0.0, **given: Any) -> None:
        """Begin an act, at this moment of `time.monotonic` if one is given."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": what, "at": at, "with": given}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """What came of it. Raises Refused."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the clerk is gone"
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("gave")

    def close(self) -> None:
        """Leave."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class Cluster:
    """A device in a process of its own, with its home. `wrap` is put before its command, `env` into its environment."""

    def __init__(self, home: Path, device: str, wrap: Sequence[str] = (), env: Mapping[str, str] | None = None) -> None:
        self.home, self.device = home, device
        self._wrap, self._env = wrap, {**os.environ, **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> list[str]:
        """`nguon agent WORDS` as this cluster runs it."""
        return [*self._wrap, sys.executable, "-m", "nguon.cli", "agent", *words, "--home", str(self.home)]

    def enrol(self, address: str, code: str) -> None:
        """Trade the code for credentials."""
        argv = self.command("enrol", "--server", address, "--code", code)
        subprocess.run(argv, env=self._env, check=True, capture_output=True, timeout=120)

    def start(self) -> None:
        """Power on."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("run", "--player", "recorder"),
                env=self._env,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def cut(self) -> None:
        """Power off, without warning."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self) -> str:
        """All it said."""
        return self._log.read_text(errors="replace")

    @property
    def _log(self) -> Path:
        return self.home.with_name(f"{self.home.name}.log")  # beside its home: its disk may be full

    def recording(self, broadcast: str) -> Path:
        """What was heard of one broadcast."""
        return self.home / "recordings" / f"{broadcast}.mp3"

    def recorded(self) -> set[str]:
        """All that was heard of it."""
        return {path.stem for path in (self.home / "recordings").glob("*.mp3")}

    def begun(self, broadcast: str) -> list[int]:
        """Each time its player began with it: from where, ms."""
        return [int(at) for at in re.findall(rf"playing {broadcast} from (\d+) ms", self.log())]


class Town:
    """One server with its clerk and clusters."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.clusters: list[Cluster] = []
        self.clerk = Clerk(server.env)
        self.clerk.do("build", hamlets=HAMLETS)
        self._without_power()

    def _without_power(self) -> None:
        device, code = self.clerk.do("register", hamlet=HAMLETS[-1], name="Cụm không có điện")
        home = self.folder / "dark"
        home.mkdir()
        Cluster(home, device).enrol(self.server.base_url, code)

    def cluster(
        self, hamlet: str, *, wrap: Sequence[str] = (), env: Mapping[str, str] | None = None, address: str = ""
    ) -> Cluster:
        """A new cluster that stands there, has enrolled, and is connected."""
        number = len(self.clusters)
        device, code = self.clerk.do("register", hamlet=hamlet, name=f"Cụm {number}")
        home = self.folder / f"box{number}"
        home.mkdir(exist_ok=True)
        made = Cluster(home, device, wrap, env)
        self.clusters.append(made)
        made.enrol(address or self.server.base_url, code)
        made.start()
        self.until(lambda: self.clerk.do("online", devices=[device]) == 1, "a new cluster never came online")
        return made

    def write(self, headline: str, hamlets: Sequence[str] = HAMLETS[:1], **more: Any) -> Alert:
        """An alert that waits for its second hand."""
        return Alert(*self.clerk.do("write", hamlets=list(hamlets), headline=headline, **({"text": TEXT} | more)))

    def sign(self, alert: Alert, who: str = "ct") -> None:
        """The second hand: it goes out."""
        assert self.clerk.do("sign", alert=alert.id, digest=alert.digest, who=who) == "live"

    def told(self, alert: Alert) -> list[dict[str, Any]]:
        """All that was said of it; see `clerk.told`."""
        found: list[dict[str, Any]] = self.clerk.do("told", alert=alert.id)
        return found

    def sounding(self, alert: Alert, *clusters: Cluster) -> str:
        """Wait until its siren sounds there: the siren's broadcast."""
        self.until(
            lambda: bool(self.told(alert)) and all(self._started(alert, each) for each in clusters),
            lambda: f"the siren was not heard: {self.told(alert)}\n{self._last_words(*clusters)}",
        )
        return str(self.told(alert)[0]["id"])

    def _last_words(self, *clusters: Cluster) -> str:
        return "\n".join(f"{each.device}:\n{each.log()[-3000:]}" for each in clusters)

    def _started(self, alert: Alert, cluster: Cluster) -> bool:
        return bool(cluster.begun(self.told(alert)[0]["id"]))

    def heard(self, alert: Alert, *clusters: Cluster, times: int = 1, pieces: bool = False) -> None:
        """Wait until all of it was heard and told; then: each saying once and whole, and by two hands.

        Told more than once is no fault: an order that comes again is answered again.

        `pieces`: power was lost meanwhile: it went on from the place that was saved last.
        """
        where = f"not all was heard and told of {alert.id}"
        self.until(lambda: self._all_told(alert, clusters, times), lambda: f"{where}: {self.told(alert)}")
        sayings = self.told(alert)
        assert [(each["number"], each["whole"]) for each in sayings] == [
            (number, whole) for number in range(1, times + 1) for whole in (False, True)
        ]
        for each in sayings:
            assert (each["level"], each["signers"]) == (90, 2)
            for cluster in clusters:
                self._once(each, cluster, pieces)
        self.nothing_else(*clusters)

    def _all_told(self, alert: Alert, clusters: Sequence[Cluster], times: int) -> bool:
        sayings = self.told(alert)
        return len(sayings) >= 2 * times and all(
            cluster.device in each["devices"] and self._ended(each["devices"][cluster.device])
            for each in sayings
            for cluster in clusters
        )

    def _ended(self, row: dict[str, Any]) -> bool:
        told: set[str] = set(row["stages"])
        return bool(row["progress"] == "finished" and {"received", "started", "finished"} <= told)

    def _once(self, saying: dict[str, Any], cluster: Cluster, pieces: bool) -> None:
        begun, seconds = cluster.begun(saying["id"]), seconds_of(cluster.recording(saying["id"]))
        if pieces:
            assert begun[0] == 0
            assert begun == sorted(begun), f"went back: {begun}"
            assert seconds <= saying["ms"] / 1000 + sound.SAVE_EVERY / 1000 + EXACT
            return
        assert begun == [0], f"begun at {begun}"
        assert abs(seconds - saying["ms"] / 1000) < EXACT, f"{seconds} s were heard of {saying['ms']} ms"

    def nothing_else(self, *clusters: Cluster) -> None:
        """Nothing was heard that two people did not sign."""
        signed = set(self.clerk.do("signed_broadcasts"))
        for cluster in clusters or self.clusters:
            assert cluster.recorded() <= signed

    def until(self, true: Callable[[], object], what: str | Callable[[], str]) -> None:
        """Wait until it is so."""
        limit = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < limit, what if isinstance(what, str) else what()
            time.sleep(0.1)

    def close(self) -> None:
        """All power off, the clerk home."""
        for cluster in self.clusters:
            cluster.cut()
        self.clerk.close()


@contextmanager
def town(server: Server, folder: Path) -> Iterator[Town]:
    """A town on a server that is prepared and not started; it runs until the end of the `with`."""
    try:
        server.start()
        made = Town(server, folder)
        try:
            yield made
        finally:
            made.close()
    finally:
        server.stop()
