"""The scheduler: what always holds, and the stories that officers tell of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nguon.programme.policies import Hours, Policy
from nguon.programme.slots import Days, OnHoliday, Slot, Suspension, Why
from nguon.programme.timeline import Sounding, Timeline, timeline

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 30)
NIGHT = Policy("night", "Quy định giờ yên lặng", quiet=(Hours(time(21), time(5)), Hours(time(11, 30), time(13))))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def slot(name: str = "a", at: str = "05:30", minutes: int = 30, **changes: object) -> Slot:
    first = datetime.combine(MONDAY.date() - 7 * DAY, time.fromisoformat(at))
    values: dict[str, object] = {"level": 40, "rule": "FREQ=DAILY", "length": minutes * MINUTE, "title": name}
    return Slot(id=name, first=first, **(values | changes))  # type: ignore[arg-type]


def a_day(slots: Sequence[Slot], policies: Sequence[Policy] = (), days: Days | None = None) -> Timeline:
    return timeline(slots, policies, MONDAY, MONDAY + DAY, days)


def heard(found: Timeline) -> list[tuple[str, list[str]]]:
    return [(each.slot.id, [f"{part.start:%H:%M}-{part.end:%H:%M}" for part in each.parts]) for each in found.soundings]


def silent(found: Timeline) -> list[tuple[str, str, Why, str]]:
    return [(each.slot.id, f"{each.start:%H:%M}", each.why, each.by) for each in found.silences]


# stories


def test_two_sessions_a_day() -> None:
    found = a_day([slot("sáng", "05:30"), slot("chiều", "17:00", 45)], [NIGHT])
    assert heard(found) == [("sáng", ["05:30-06:00"]), ("chiều", ["17:00-17:45"])]
    assert silent(found) == []


def test_what_would_run_into_quiet_hours_does_not_begin_and_says_why() -> None:
    found = a_day([slot("trưa", "11:15", 30)], [NIGHT])
    assert heard(found) == []
    assert silent(found) == [("trưa", "11:15", Why.QUIET, NIGHT.basis)]


def test_a_relay_is_cut_at_quiet_hours() -> None:
    found = a_day([slot("tiếp âm", "11:00", 60, level=30, can_be_cut=True)], [NIGHT])
    assert heard(found) == [("tiếp âm", ["11:00-11:30"])]
    assert found.soundings[0].why == (Why.RULE, Why.CUT, Why.QUIET)
    assert not found.soundings[0].whole


def test_an_emergency_heeds_no_quiet_hours() -> None:
    assert heard(a_day([slot("bão", "02:00", 3, level=90)], [NIGHT])) == [("bão", ["02:00-02:03"])]


def test_a_priority_item_breaks_off_a_programme_which_goes_on_afterwards() -> None:
    found = a_day([slot("chương trình", "17:00", 40), slot("ưu tiên", "17:10", 5, level=60)])
    assert heard(found) == [("chương trình", ["17:00-17:10", "17:15-17:45"]), ("ưu tiên", ["17:10-17:15"])]
    assert found.soundings[0].why == (Why.RULE, Why.RESUMED)
    assert found.soundings[0].by == "ưu tiên"
    assert found.soundings[0].parts[1].offset == 10 * MINUTE


def test_of_two_at_once_the_second_waits_or_gives_up() -> None:
    short = a_day([slot("một", "17:00", 3), slot("hai", "17:00", 10, issued=1)])
    assert heard(short) == [("một", ["17:00-17:03"]), ("hai", ["17:03-17:13"])]
    assert short.soundings[1].why == (Why.RULE, Why.WAITED)
    long = a_day([slot("một", "17:00", 30), slot("hai", "17:00", 10, issued=1)])
    assert heard(long) == [("một", ["17:00-17:30"])]
    assert silent(long) == [("hai", "17:00", Why.BUSY, "một")]


def test_over_midnight_nothing_is_doubled_or_lost() -> None:
    late = slot("đêm", "23:50", 20)
    first, second = (timeline([late], [], MONDAY + n * DAY, MONDAY + (n + 1) * DAY) for n in (0, 1))
    ten_to = [MONDAY + timedelta(hours=23, minutes=50) + n * DAY for n in (-1, 0, 1)]
    assert [each.start for each in first.soundings] == ten_to[:2]  # the first goes on from the evening before
    assert [each.start for each in second.soundings] == ten_to[1:]


def test_days_that_are_out_say_why() -> None:
    days = Days({MONDAY.date(): "Ngày lễ"})
    slots = [
        slot("lễ nghỉ", on_holiday=OnHoliday.SKIP),
        slot("tạm dừng", "06:30", suspensions=(Suspension(MONDAY.date()),)),
        slot("bỏ riêng", "07:30", except_on=frozenset({MONDAY.date()})),
        slot("hết hạn", "08:30", valid_to=MONDAY.date() - DAY),
        slot("rằm", "09:30", lunar_days=frozenset({1, 15})),
        slot("chỉ lễ", "10:00", 15, on_holiday=OnHoliday.ONLY),
    ]
    found = a_day(slots, [NIGHT], days)
    assert heard(found) == [("chỉ lễ", ["10:00-10:15"])]
    assert [each.why for each in found.silences] == [
        *(Why.HOLIDAY, Why.SUSPENDED, Why.EXCEPTED, Why.NOT_VALID, Why.LUNAR)
    ]


def test_the_first_and_fifteenth_of_the_lunar_month() -> None:
    lunar = slot("rằm", lunar_days=frozenset({1, 15}))
    found = timeline([lunar], [], MONDAY, MONDAY + 62 * DAY)
    days = [each.start.date() for each in found.soundings]
    assert days == [date(2026, 12, 9), date(2026, 12, 23), date(2027, 1, 8), date(2027, 1, 22)]


def test_limits_of_a_day() -> None:
    rule = Policy("phường", "QĐ của UBND", most_sessions=2, longest=15 * MINUTE)
    slots = [slot("a", "05:00", 15), slot("b", "08:00", 20), slot("c", "09:00", 10), slot("d", "17:00", 10)]
    found = a_day([*slots, slot("gấp", "18:00", 10, level=60)], [rule])
    assert heard(found) == [("a", ["05:00-05:15"]), ("c", ["09:00-09:10"]), ("gấp", ["18:00-18:10"])]
    assert silent(found) == [("b", "08:00", Why.LONG, "QĐ của UBND"), ("d", "17:00", Why.MANY, "QĐ của UBND")]


def test_a_policy_that_changes_at_midnight() -> None:
    old = Policy("cũ", "cũ", quiet=(Hours(time(22), time(4)),), valid_to=MONDAY.date())
    new = Policy("mới", "mới", quiet=(Hours(time(21), time(6)),), valid_from=MONDAY.date() + DAY)
    found = timeline([slot("sáng", "05:00", 10), slot("tối", "21:15", 10)], [old, new], MONDAY, MONDAY + 2 * DAY)
    assert [(each.slot.id, each.start.day) for each in found.soundings] == [("sáng", 30), ("tối", 30)]
    assert [(each.slot.id, each.start.day, each.by) for each in found.silences] == [
        ("sáng", 1, "mới"),
        ("tối", 1, "mới"),
    ]


# what always holds


@st.composite
def slots(draw: st.DrawFn) -> list[Slot]:
    made = []
    for number in range(draw(st.integers(1, 7))):
        rules = ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=MONTHLY;BYMONTHDAY=1,30,31", ""]
        rules += [f"FREQ=WEEKLY;BYDAY={','.join(draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True)))}"]
        first = MONDAY + draw(st.integers(-5, 2)) * DAY + draw(st.integers(0, 1439)) * MINUTE
        made.append(
            Slot(
                id=str(number),
                title=f"slot {number}",
                level=draw(st.sampled_from([10, 30, 40, 40, 40, 60, 80, 90])),
                first=first,
                length=draw(st.integers(1, 400)) * MINUTE,
                rule=draw(st.sampled_from(rules)),
                grace=draw(st.integers(0, 20)) * MINUTE,
                patience=draw(st.integers(0, 60)) * MINUTE,
                can_be_cut=draw(st.booleans()),
                except_on=frozenset(draw(st.lists(st.sampled_from([MONDAY.date(), MONDAY.date() + DAY]), max_size=1))),
                issued=draw(st.integers(0, 3)),
            )
        )
    return made


@st.composite
def policies(draw: st.DrawFn) -> list[Policy]:
    clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
    return [
        Policy(
            id=str(number),
            basis=f"policy {number}",
            quiet=tuple(Hours(draw(clock), draw(clock)) for _ in range(draw(st.integers(0, 2)))),
            most_sessions=draw(st.none() | st.integers(0, 5)),
            longest=draw(st.none() | st.integers(1, 120).map(lambda n: n * MINUTE)),
            valid_from=draw(st.none() | st.just(MONDAY.date() + DAY)),
            valid_to=draw(st.none() | st.just(MONDAY.date() + 2 * DAY)),
        )
        for number in range(draw(st.integers(0, 2)))
    ]


def is_quiet(rules: Sequence[Policy], at: datetime) -> bool:
    """The same question asked in the plainest way."""
    now = at.time()
    return any(
        (one.first <= now < one.last) if one.first < one.last else (now >= one.first or now < one.last)
        for rule in rules
        if rule.holds(at.date())
        for one in rule.quiet
    )


def all_parts(found: Timeline) -> list[tuple[datetime, datetime, Sounding]]:
    return sorted(
        ((part.start, part.end, each) for each in found.soundings for part in each.parts), key=lambda one: one[:2]
    )


@settings(max_examples=300, deadline=None)
@given(slots(), policies(), st.integers(1, 4))
def test_what_always_holds(made: list[Slot], rules: list[Policy], length: int) -> None:
    end = MONDAY + length * DAY
    found = timeline(made, rules, MONDAY, end)
    parts = all_parts(found)
    for (_, last, _), (first, _, _) in pairwise(parts):
        assert last <= first, "two sounds at once"
    for first, last, each in parts:
        assert first < last
        if each.slot.level < 90:
            at = first
            while at < last:
                assert not is_quiet(rules, at), f"{each.slot.id} sounds at {at}"
                at += MINUTE
    for each in found.soundings:
        due, one = each.occurrence.start, each.slot
        assert due <= each.start <= due + one.grace
        assert each.parts[-1].end <= due + one.length + max(one.grace, one.patience)
        assert sum((part.end - part.start for part in each.parts), timedelta()) <= one.length
        heard = timedelta()
        for part in each.parts:
            assert part.offset == heard
            heard += part.end - part.start
    assert timeline(list(reversed(made)), rules, MONDAY, end) == found, "the order of the slots matters"


@settings(max_examples=200, deadline=None)
@given(slots(), policies())
def test_each_time_a_slot_is_due_is_told_once(made: list[Slot], rules: list[Policy]) -> None:
    end = MONDAY + 3 * DAY
    found = timeline(made, rules, MONDAY, end)
    told = Counter((each.slot.id, each.occurrence.start) for each in found.soundings)
    told.update((each.slot.id, each.start) for each in found.silences)
    inside = {key: count for key, count in told.items() if MONDAY <= key[1] < end}
    assert set(inside.values()) <= {1}
    wanted = {(one.id, at) for one in made for at in due(one, MONDAY, end)}
    assert inside.keys() == wanted


def due(one: Slot, start: datetime, end: datetime) -> list[datetime]:
    """The times a slot's rule gives, worked out day by day without the library."""
    found = []
    day = start.date()
    while day < end.date():
        at = datetime.combine(day, one.first.time())
        since = (day - one.first.date()).days
        parts = dict(part.split("=") for part in one.rule.split(";") if part)
        fits = {
            "": since == 0,
            "DAILY": since >= 0 and since % int(parts.get("INTERVAL", 1)) == 0,
            "WEEKLY": since >= 0 and WEEKDAYS[day.weekday()] in parts.get("BYDAY", ""),
            "MONTHLY": since >= 0 and str(day.day) in parts.get("BYMONTHDAY", "").split(","),
        }
        if fits[parts.get("FREQ", "")]:
            found.append(at)
        day += DAY
    return found


@settings(max_examples=100, deadline=None)
@given(slots(), policies(), st.integers(1, 71))
def test_a_window_cut_in_two_tells_the_same(made: list[Slot], rules: list[Policy], hour: int) -> None:
    middle, end = MONDAY + timedelta(hours=hour), MONDAY + 3 * DAY
    whole = timeline(made, rules, MONDAY, end)
    first, second = timeline(made, rules, MONDAY, middle), timeline(made, rules, middle, end)

    def begun(found: Timeline, since: datetime, until: datetime) -> set[tuple[str, datetime]]:
        return {(each.slot.id, each.occurrence.start) for each in found.soundings if since <= each.start < until}

    assert begun(whole, MONDAY, middle) | begun(whole, middle, end) >= begun(second, middle, end)
    assert begun(first, MONDAY, middle) == begun(whole, MONDAY, middle)
