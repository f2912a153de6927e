"""The commands that bring the broker's plugin from what it knows to what the registry says."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nguon.config import broker_areas

WORLDS = st.dictionaries(st.sampled_from("abcdef"), st.frozensets(st.sampled_from("123"), min_size=1))


@given(WORLDS, WORLDS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
def test_the_changes_make_the_one_into_the_other(
    before: dict[str, frozenset[str]], now: dict[str, frozenset[str]]
) -> None:
    """As the plugin would: what is created twice, or changed and not there, would fail."""
    clients = dict(before)
    known: set[str] = set().union(*before.values())
    for asked in broker_areas.changes(before, now):
        _obey(asked, clients, known)
    assert clients == now
    assert broker_areas.changes(now, now) == []


def _obey(asked: dict[str, Any], clients: dict[str, frozenset[str]], known: set[str]) -> None:
    match asked:
        case {"command": "createRole"}:
            assert asked["rolename"] not in known
        case {"command": "createGroup"}:
            assert asked["groupname"] not in known
            known.add(asked["groupname"])
        case {"command": "deleteClient"}:
            del clients[asked["username"]]
        case {"command": verb, "username": device, "groups": groups}:
            assert (device in clients) is (verb == "modifyClient")
            assert all(group["groupname"] in known for group in groups)
            clients[device] = frozenset(group["groupname"] for group in groups)
