"""What may befall the server in the middle of an alert, on either database. One server bears it all, in turn.

Services killed, the broker without its files, the database locked, two alerts at once, two signatures in the same
instant, a device that floods: nothing is lost, nothing is heard twice, nothing that was not signed.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.ports.agent_help import seconds_of
from tests.services import Server
from tests.walks import alarm
from tests.walks.alarm import HAMLETS, Clerk, Refused, Town
from tests.walks.conftest import empty_database
from tests.walks.flood import Flood
from tests.walks.meddler import Meddler

pytestmark = pytest.mark.slow
SHORT = "Nước sông lên. Bà con lên chỗ cao ngay."
LONG = " ".join([alarm.TEXT] * 3)
LOCKED = 5.0  # seconds


ON_SQLITE = pytest.mark.parametrize("town", ["sqlite"], indirect=True, scope="module")  # what no database changes


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, migrated_database: Path) -> Iterator[Town]:
    """A running server with two clusters in one hamlet and one in another."""
    url = "" if request.param == "sqlite" else empty_database(str(request.getfixturevalue("postgres_server")))
    folder = Path(tempfile.mkdtemp(prefix="nguon-alarm-"))
    try:
        server = Server(folder / "data", database_url=url)
        if url:
            server.nguon("manage", "migrate")
        else:
            server.data.mkdir()
            shutil.copy(migrated_database, server.data)
        with alarm.town(server, folder) as made:
            for hamlet in (HAMLETS[0], HAMLETS[0], HAMLETS[1]):
                made.cluster(hamlet)
            yield made
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def second(town: Town) -> Iterator[Clerk]:
    """Another officer's hands, in a process of their own."""
    clerk = Clerk(town.server.env)
    yield clerk
    clerk.close()


def kill(town: Town, *names: str) -> None:
    """kill -9, and do not wait until it lives again."""
    services = town.server.services()
    for name in names:
        if pid := services[name]["pid"]:
            os.kill(pid, signal.SIGKILL)


def all_run(town: Town) -> bool:
    return all(one["state"] == "running" for one in town.server.services().values())


# services


def test_each_service_killed_in_turn_while_it_sounds(town: Town) -> None:
    """The sender first: the order is out and its deliveries are not written yet."""
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh", text=LONG)
    town.sign(alert)
    town.sounding(alert, *here)
    names = ["sender", *(name for name in town.server.services() if name != "sender")]
    for name in names:
        kill(town, name)
        time.sleep(1)
    town.until(lambda: all_run(town), "a service did not come back")
    assert all(one["restarts"] for one in town.server.services().values())
    town.heard(alert, *here)


@ON_SQLITE
@pytest.mark.parametrize("dead", [("sender",), ("listener", "alerts", "jobs", "web", "clock")], ids="+".join)
def test_it_is_signed_while_a_service_is_dead(town: Town, dead: tuple[str, ...]) -> None:
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh", text=f"{SHORT} Không có {len(dead)} phần.")
    kill(town, *dead)
    town.sign(alert)
    town.heard(alert, *here)


@ON_SQLITE
def test_it_is_said_again_though_who_says_it_again_is_killed(town: Town) -> None:
    """By its cadence: another saying, with a siren and words of its own."""
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh", text=SHORT)
    town.sign(alert)
    town.heard(alert, *here)
    town.clerk.do("again", alert=alert.id)
    kill(town, "alerts", "sender")
    town.heard(alert, *here, times=2)


@ON_SQLITE
def test_a_stop_given_while_sender_and_broker_are_dead_is_silence_when_they_are_back(town: Town) -> None:
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh, báo nhầm", text=LONG)
    town.sign(alert)
    town.sounding(alert, *here)
    town.until(lambda: len(town.told(alert)) == 2, "its text did not go out")
    kill(town, "sender", "broker")
    assert town.clerk.do("stop", alert=alert.id) == "cancelled"
    town.until(lambda: all(is_over(town, alert, each.device) for each in here), "it was not stopped")
    text = town.told(alert)[1]
    for each in here:
        assert each.device not in text["devices"] or text["devices"][each.device]["progress"] == "stopped"
        heard = each.recording(text["id"])
        assert not heard.exists() or seconds_of(heard) < text["ms"] / 1000 - 1


def is_over(town: Town, alert: alarm.Alert, device: str) -> bool:
    rows = [each["devices"][device] for each in town.told(alert) if device in each["devices"]]
    return all(row["progress"] in ("stopped", "finished") for row in rows)


@ON_SQLITE
def test_the_broker_is_killed_and_all_it_keeps_deleted_as_it_is_signed(town: Town) -> None:
    """But for its authority, by which devices know it and which belongs in the backup: that cannot be made again."""
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh, đợt hai", text=SHORT)
    kill(town, "broker")
    for path in (town.server.data / "broker").iterdir():
        if path.suffix not in (".pem", ".key"):
            path.unlink()
    town.sign(alert)
    town.heard(alert, *here)


# the database


@contextlib.contextmanager
def locked(town: Town, seconds: float = LOCKED) -> Iterator[None]:
    """Somebody from outside has the whole database for so long, beginning now; the `with` may end before."""
    taken, url = threading.Event(), town.server.env.get("NGUON_DATABASE_URL", "")

    def hold() -> None:
        with contextlib.ExitStack() as stack:
            if url:
                other = stack.enter_context(psycopg.connect(url))
                tables = other.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
                names = ", ".join(str(row[0]) for row in tables.fetchall())
                other.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE".encode())
            else:
                file = stack.enter_context(contextlib.closing(sqlite3.connect(town.server.data / "nguon.sqlite3")))
                file.execute("PRAGMA busy_timeout=20000")
                file.execute("BEGIN EXCLUSIVE")
            taken.set()
            time.sleep(seconds)

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(60), "the database could not be locked"
    try:
        yield
    finally:
        holder.join()


def test_the_database_is_locked_as_it_is_signed_and_as_it_sounds(town: Town) -> None:
    here = town.clusters[:2]
    alert = town.write("Lũ sông Hà Thanh", text=LONG)
    with locked(town):
        town.sign(alert)  # waits, and is done
    town.sounding(alert, *here)
    with locked(town):
        pass
    town.heard(alert, *here)


# two at once


@ON_SQLITE
def test_two_alerts_at_once_are_both_heard(town: Town, second: Clerk) -> None:
    """Of one rung: the first to be issued sounds first, and none breaks off the other."""
    here = town.clusters[:2]
    one = town.write("Lũ sông Hà Thanh", text=SHORT)
    two = town.write("Cháy rừng", text="Cháy rừng ở núi Trường Úc. Bà con tránh xa.", hazard="chay_rung")
    at = time.monotonic() + 1
    town.clerk.ask("sign", at=at, alert=one.id, digest=one.digest, who="ct")
    second.ask("sign", at=at, alert=two.id, digest=two.digest, who="pct")
    assert [town.clerk.answer(), second.answer()] == ["live", "live"]
    town.heard(one, *here)
    town.heard(two, *here)


def test_two_sign_in_the_same_instant_and_it_goes_out_once(town: Town, second: Clerk) -> None:
    """Five times where nobody hears it, and once where two clusters do."""
    for number in range(5):
        alert = town.write(f"Lũ, bản {number}", HAMLETS[-1:], text=SHORT)
        assert at_once(town, second, alert) == "live"
        assert [each["whole"] for each in town.told(alert)].count(False) == 1
        done = town.clerk.do("journal", alert=alert.id)
        assert (done["alerts.live"], done["alerts.submit"]) == (1, 1)
        assert town.clerk.do("stop", alert=alert.id) == "cancelled"
    alert = town.write("Lũ sông Hà Thanh", text=SHORT)
    assert at_once(town, second, alert) == "live"
    town.heard(alert, *town.clusters[:2])


def at_once(town: Town, second: Clerk, alert: alarm.Alert) -> str:
    """Two hands in the same instant: the first sends it, the other learns that it is live."""
    at = time.monotonic() + 0.3
    town.clerk.ask("sign", at=at, alert=alert.id, digest=alert.digest, who="ct")
    second.ask("sign", at=at, alert=alert.id, digest=alert.digest, who="pct")
    answers = []
    for clerk in (town.clerk, second):
        try:
            answers.append(clerk.answer())
        except Refused as refusal:
            answers.append(str(refusal).split(":")[0])
    assert sorted(answers) == ["NotNow", "live"]
    return "live"


# a device gone wrong


@ON_SQLITE
def test_ten_thousand_malformed_messages_from_an_enrolled_device(town: Town) -> None:
    """They go on until the alert was heard and told by all others: it waits for none of them."""
    here, wrong = town.clusters[:2], town.clusters[2]
    wrong.cut()
    flood = Flood(wrong.home, 10_000)
    flood.start()
    try:
        town.until(lambda: flood.sent, "the device was not let in")
        alert = town.write("Lũ sông Hà Thanh", text=SHORT)
        town.sign(alert)
        town.heard(alert, *here)
    finally:
        flood.end()
    assert flood.sent >= 10_000
    refused = {"malformed", "wrong-topic", "not-a-target", "unknown-broadcast"}
    told = town.clerk.do("refusals", device=wrong.device)
    assert {reason for reason, _, _ in told} == refused - {"not-a-target"}
    assert len(told) < 100, f"the table grows with the flood: {len(told)} lines"
    town.until(lambda: counted(town, wrong.device) > flood.sent * 3 / 4, "the monitor does not count them")


@ON_SQLITE
def test_somebody_holds_the_broker_and_nothing_sounds_but_what_was_signed(town: Town) -> None:
    """Not what they make, not what they change, and what was signed not twice however often they say it."""
    here = town.clusters[:2]
    meddler = Meddler(town.server.broker_url, (town.server.data / "broker" / "server.password").read_text)
    meddler.start()
    try:
        assert meddler.ready.wait(60)
        alert = town.write("Lũ sông Hà Thanh, đợt ba", text=SHORT)
        town.sign(alert)
        town.heard(alert, *here)
    finally:
        meddler.end()
    assert len(meddler.said) >= 8  # of the siren and of the text
    for cluster in here:
        assert not cluster.recorded() & meddler.said
    town.until(lambda: all(tells_of_it(town, one.device) for one in here), "they did not tell what they refused")


def tells_of_it(town: Town, device: str) -> bool:
    reasons = {reason for reason, _, _ in town.clerk.do("refusals", device=device)}
    return {"heard-unsigned", "heard-forged"} <= reasons


def counted(town: Town, device: str) -> int:
    return sum(int(detail.split(" ")[0]) for _, _, detail in town.clerk.do("refusals", device=device))
