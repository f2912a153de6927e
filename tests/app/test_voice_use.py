"""Booking by many workers at once, on both databases: nobody gets over a budget, and no character is lost."""

import re

import pytest

from tests.conftest import MakeServer

PROGRAM = """
import threading
from datetime import UTC, datetime
from django.db import connection
from nguon.media import using
from nguon.media.models import VoiceAccount, VoiceUse
from nguon.places.models import Place
from nguon.ports.voice import Failure
NOW = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # already December in Vietnam
place = Place.objects.create(name="Phước Thuận", kind="xã", folded="phuoc thuan")
known = {"place": place, "provider": "thu", "name": "a", "created_at": NOW, "updated_at": NOW}
account = VoiceAccount.objects.create(budget=1000, **known)
wrong, booked = [], []
def work(number):
    try:
        for turn in range(10):
            use = using.reserve(account, 30, NOW)
            if use is not None:
                booked.append(use.pk)
                if number % 2:
                    using.failed(use, 30, Failure.AWAY, "x", NOW)
                else:
                    using.spoke(account)
    except Exception as error:
        wrong.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
use = VoiceUse.objects.get()
account.refresh_from_db()
print("wrong", wrong, "rows", len(set(booked)), "month", use.month, "calls", use.calls == len(booked))
print("spoken", use.characters, "failures", use.failures, "left", use.characters <= 1000)
"""


RACE = """
import threading
from datetime import UTC, datetime
from django.db import connection
from nguon.media import using
from nguon.media.models import VoiceAccount, VoiceUse
from nguon.places.models import Place
NOW = datetime(2026, 11, 25, tzinfo=UTC)
place = Place.objects.create(name="Phước Thuận", kind="xã", folded="phuoc thuan")
known = {"place": place, "provider": "thu", "name": "a", "created_at": NOW, "updated_at": NOW}
account = VoiceAccount.objects.create(budget=1000, **known)
use = VoiceUse.objects.create(account=account, month="2026-11-01", characters=970)
rounds, booked, wrong, gate = 40, [], [], threading.Barrier(6)
def work(first):
    try:
        for turn in range(rounds):
            gate.wait(60)
            booked.append(using.reserve(account, 30, NOW) is not None)  # there is room for one of them
            gate.wait(60)
            if first:
                VoiceUse.objects.update(characters=970)
    except Exception as error:
        wrong.append(repr(error))
        gate.abort()
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(number == 0,)) for number in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("wrong", wrong, "asked", len(booked), "booked", sum(booked))
"""


@pytest.mark.slow
def test_of_many_who_want_the_last_of_a_budget_one_gets_it(make_server: MakeServer, any_database_url: str) -> None:
    server = make_server(database_url=any_database_url)
    if any_database_url:
        server.nguon("manage", "migrate")
    assert "wrong [] asked 240 booked 40" in server.shell(RACE)


@pytest.mark.slow
def test_workers_side_by_side_never_overdraw(make_server: MakeServer, any_database_url: str) -> None:
    server = make_server(database_url=any_database_url)
    if any_database_url:
        server.nguon("manage", "migrate")
    said = server.shell(PROGRAM)
    assert "wrong [] rows 1 month 2026-12-01 calls True" in said
    found = re.search(r"spoken (\d+) failures (\d+) left True", said)
    assert found, said
    spoken, failures = map(int, found.groups())
    # thirty calls could be spoken and thirty failed for nothing: what fails gives its characters back
    assert spoken % 30 == 0
    assert 0 < spoken <= 990
    assert 0 < failures <= 30
