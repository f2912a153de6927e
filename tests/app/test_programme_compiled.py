"""What officers do on the pages reaches the plans: the compiler makes broadcasts of it, in the order they chose."""

from datetime import datetime, time, timedelta

import pytest

from nguon.delivery.models import Broadcast
from nguon.kit import clock
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.people.models import Person
from nguon.programme import offering, plans, slotting
from nguon.programme.compile import Memory, compile_plans
from nguon.programme.items import Item, Kind
from nguon.programme.models import Offer, Slot
from nguon.programme.slotting import Reach
from tests.app import desk as desks
from tests.app.airing import programme, relay, slot
from tests.app.desk import Desk, device, make_desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    made = make_desk()
    device("Cụm Quảng Vân", made.one, made.now)
    return made


def titled(desk: Desk, title: str, priority: str = PriorityClass.ORDINARY, *, above: bool = False) -> Bulletin:
    made = desk.approved(priority=priority)
    if above:
        Bulletin.objects.filter(pk=made.pk).update(place=desk.root)
    made.refresh_from_db()
    assert made.current is not None
    made.current.title = title
    made.current.save(update_fields=["title"])
    return made


def said(now: datetime, memory: Memory | None = None) -> list[list[str]]:
    """The titles of each session to come, in order."""
    compile_plans(now, memory or Memory())
    rows = Broadcast.objects.filter(session__isnull=False, state="planned").order_by("start_at", "part")
    sessions: dict[object, list[str]] = {}
    for row in rows:
        sessions.setdefault(row.session, []).append(row.title)
    return list(sessions.values())


def bulletin_item(bulletin: Bulletin) -> Item:
    return Item(Kind.BULLETIN, what=bulletin.pk.hex)


def chief_of(desk: Desk) -> Person:
    return desks.person("tinh", "Cấp Trên", desk.root, "editor")


def test_what_an_officer_ordered_is_what_the_devices_get(desk: Desk) -> None:
    own = titled(desk, "Của xã", PriorityClass.PRIORITY)
    plain = titled(desk, "Thường")
    slot(desk, programme(desk, "Sáng", bulletin_item(own), bulletin_item(plain)))
    chief = chief_of(desk)
    for title in ("Một", "Hai"):
        bulletin = titled(desk, title, PriorityClass.PRIORITY, above=True)
        offering.send_down(bulletin=bulletin, place_ids=[desk.here.pk], actor=chief, now=desk.now)
    one, two = Offer.objects.order_by("pk")
    assert said(desk.now)[0] == ["Một", "Hai", "Của xã", "Thường"]
    offering.order(place_id=desk.here.pk, before=[two.pk], after=[one.pk], actor=desk.both, now=desk.now)
    assert said(desk.now)[:2] == [["Hai", "Của xã", "Một", "Thường"], ["Của xã", "Thường"]]


def test_an_ordinary_one_is_heard_only_where_it_was_put_and_once(desk: Desk) -> None:
    plain = titled(desk, "Thường")
    slot(desk, programme(desk, "Sáng", bulletin_item(plain)))
    evening = slot(desk, programme(desk, "Chiều", bulletin_item(plain)), at=time(17))
    bulletin = titled(desk, "Của tỉnh", above=True)
    offering.send_down(bulletin=bulletin, place_ids=[desk.here.pk], actor=chief_of(desk), now=desk.now)
    assert "Của tỉnh" not in {title for session in said(desk.now) for title in session}
    offering.choose(offer=Offer.objects.get(), slot=evening, actor=desk.both, now=desk.now)
    heard = [session for session in said(desk.now) if "Của tỉnh" in session]
    assert heard == [["Của tỉnh", "Thường"]]


def test_every_act_asks_for_new_plans(desk: Desk) -> None:
    made = slot(desk, programme(desk, "Tiếp âm", relay()))
    day = clock.today() + 2 * DAY
    for act in (
        lambda: slotting.except_day(slot=made, day=day, actor=desk.both, now=clock.now()),
        lambda: slotting.suspend(slot=made, first=day, last=None, reason="", actor=desk.both, now=clock.now()),
        lambda: slotting.resume(slot=made, actor=desk.both, now=clock.now()),
        lambda: slotting.move(
            slot=made, day=day + DAY, to=day + DAY, at=time(6), reach=Reach.ONLY, actor=desk.both, now=clock.now()
        ),
        lambda: slotting.end(slot=made, actor=desk.both, now=clock.now()),
    ):
        plans.compiled(plans.changes())
        assert not plans.wanted()
        act()
        assert plans.wanted()
    assert Slot.objects.filter(ended_at=None).count() == 1


def test_a_moved_day_is_heard_at_its_new_hour_and_not_at_the_old(desk: Desk) -> None:
    made = slot(desk, programme(desk, "Tiếp âm", relay()))
    day = clock.today() + 2 * DAY
    before = planned(desk)
    slotting.move(slot=made, day=day, to=day, at=time(6, 30), reach=Reach.ONLY, actor=desk.both, now=desk.now)
    after = planned(desk)
    assert f"{day} 05:00" in before
    assert after == (before - {f"{day} 05:00"}) | {f"{day} 06:30"}


def planned(desk: Desk) -> set[str]:
    compile_plans(desk.now, Memory())
    starts = Broadcast.objects.filter(state="planned").values_list("start_at", flat=True)
    return {f"{at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}" for at in starts if at is not None}
