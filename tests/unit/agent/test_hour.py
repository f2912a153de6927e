"""The time a device goes by."""

from nguon.agent.hour import Hour

YEAR = 365 * 86_400


class Machine:
    """A machine whose clock can be set."""

    def __init__(self, clock: float = 1_700_000_000.0) -> None:
        self.clock, self.counter = clock, 50.0
        self.hour = Hour(lambda: self.clock, lambda: self.counter)

    def pass_time(self, seconds: float) -> None:
        self.clock += seconds
        self.counter += seconds


def test_until_it_is_checked_it_follows_the_machine() -> None:
    machine = Machine()
    machine.pass_time(10)
    assert machine.hour.now() == 1_700_000_010_000
    assert machine.hour.follow() == 0
    machine.clock += YEAR
    assert machine.hour.now() == 1_700_000_010_000  # nothing moves unsaid
    assert machine.hour.follow() == YEAR * 1000
    assert machine.hour.now() == 1_700_000_010_000 + YEAR * 1000
    assert machine.hour.offset() is None


def test_once_checked_it_is_the_servers_whatever_is_done_to_the_machine() -> None:
    machine = Machine(clock=1_700_000_000.0 - YEAR)
    assert machine.hour.check(1_700_000_000_000, 50.0) == YEAR * 1000
    assert machine.hour.offset() == -YEAR * 1000
    machine.pass_time(5)
    machine.clock += 2 * YEAR
    assert machine.hour.follow() == 0
    assert machine.hour.now() == 1_700_000_005_000
    assert machine.hour.offset() == YEAR * 1000


def test_a_rough_answer_does_not_move_it_and_a_drift_does() -> None:
    machine = Machine()
    machine.hour.check(1_700_000_000_000, 50.0)
    machine.pass_time(600)
    assert machine.hour.check(1_700_000_600_300, 650.0) == 0
    assert machine.hour.check(1_700_000_601_000, 650.0) == 1_000
