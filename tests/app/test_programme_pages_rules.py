"""Pages of policies and of bulletins from above, as officers use them."""

from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.kit import clock
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.people import consent
from nguon.people.models import Change, Person
from nguon.programme import items, offering, planned
from nguon.programme.items import Kind
from nguon.programme.models import Offer, Policy
from tests.app import desk as desks
from tests.app.airing import newest, programme, slot
from tests.app.desk import Desk
from tests.app.test_programme_pages import desk, officer, page, signed

__all__ = ["desk", "officer"]
pytestmark = pytest.mark.django_db


def agree(by: Person) -> None:
    """The second person says yes to what waits."""
    consent.agree(change=Change.objects.get(state="waiting"), actor=by, now=clock.now())


def alone(desk: Desk) -> None:
    """The officer is the only one here who may decide on policies."""
    Person.objects.filter(pk__in=[desk.editor.pk, desk.approver.pk, desk.both.pk]).exclude(pk=desk.both.pk).update(
        is_active=False
    )


def test_policies_of_a_place_and_of_those_above(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    sent = {"in": str(desk.here.pk), "basis": "Quyết định 7/QĐ-UBND", "quiet_from_0": "21:00", "quiet_to_0": "05:00"}
    sent |= {"volume_from_0": "05:00", "volume_to_0": "06:00", "volume_most_0": "60", "longest": "45"}
    assert officer.post(reverse("schedule:policy-new"), sent).status_code == 302
    assert not Policy.objects.exists(), "it waits for a second person"
    agree(desk.approver)
    kept = Policy.objects.get()
    assert (kept.quiet, kept.volumes, kept.longest) == ([["21:00", "05:00"]], [["05:00", "06:00", 60]], 2700)
    above = {"in": str(desk.root.pk), "basis": "Quyết định của tỉnh", "most_sessions": "2"}
    signed(chief).post(reverse("schedule:policy-new"), above)
    shown = page(officer, "policies")
    assert shown.index("Quyết định của tỉnh") < shown.index("Quyết định 7/QĐ-UBND", shown.index("từ cấp trên xuống"))
    assert "21:00–05:00" in shown
    assert shown.count("Hết hiệu lực") == page(officer, "policies").count("Hết hiệu lực") > 0
    top = Policy.objects.exclude(pk=kept.pk).get()
    assert officer.post(reverse("schedule:policy-end", kwargs={"pk": top.pk})).status_code == 404
    officer.post(reverse("schedule:policy-end", kwargs={"pk": kept.pk}))
    assert "Quyết định 7/QĐ-UBND" in page(officer, "policies")
    agree(desk.approver)
    assert "Quyết định 7/QĐ-UBND" not in page(officer, "policies")


def test_a_policy_tells_what_it_silences(desk: Desk, officer: Client) -> None:
    alone(desk)
    slot(desk)
    sent = {"in": str(desk.here.pk), "basis": "QĐ 9", "quiet_from_0": "05:10", "quiet_to_0": "06:00"}
    answer = officer.post(reverse("schedule:policy-new"), sent, follow=True)
    assert "7 lượt trong bảy ngày tới" in answer.content.decode()
    Policy.objects.all().delete()
    sent |= {"quiet_from_0": "22:00", "quiet_to_0": "04:00"}
    calm = officer.post(reverse("schedule:policy-new"), sent, follow=True)
    assert "trong bảy ngày tới" not in calm.content.decode()


def test_a_change_of_a_policy_waits_and_keeps_every_part(desk: Desk, officer: Client) -> None:
    sent = {"in": str(desk.here.pk), "basis": "QĐ 1", "quiet_from_0": "21:00", "quiet_to_0": "05:00"}
    officer.post(reverse("schedule:policy-new"), sent)
    agree(desk.approver)
    kept = Policy.objects.get()
    other = {"volume_from_0": "05:00", "volume_to_0": "06:30", "volume_most_0": "55", "valid_from": "2026-12-01"}
    there = reverse("schedule:policy", kwargs={"pk": kept.pk})
    officer.post(there, sent | other | {"longest": "30", "most_sessions": "3", "valid_to": "2027-12-01"})
    kept.refresh_from_db()
    assert (kept.volumes, kept.longest) == ([], None)
    shown = signed(desk.approver).get("/cho-nguoi-thu-hai/").content.decode()
    assert "05:00–06:30: 55 %" in shown
    agree(desk.approver)
    kept.refresh_from_db()
    assert (kept.volumes, kept.longest, kept.most_sessions) == ([["05:00", "06:30", 55]], 1800, 3)
    assert (str(kept.valid_from), str(kept.valid_to)) == ("2026-12-01", "2027-12-01")


def test_of_two_changes_of_one_policy_the_second_is_looked_at_anew(desk: Desk, officer: Client) -> None:
    sent = {"in": str(desk.here.pk), "basis": "QĐ 1", "most_sessions": "2"}
    officer.post(reverse("schedule:policy-new"), sent)
    agree(desk.approver)
    there = reverse("schedule:policy", kwargs={"pk": Policy.objects.get().pk})
    for most in ("3", "4"):
        officer.post(there, sent | {"most_sessions": most})
    first, second = Change.objects.filter(state="waiting").order_by("proposed_at")
    consent.agree(change=first, actor=desk.approver, now=clock.now())
    with pytest.raises(consent.NotPossible, match="đã được đổi"):
        consent.agree(change=second, actor=desk.approver, now=clock.now())
    assert Policy.objects.get().most_sessions == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "ít nhất một mục"),
        ({"quiet_from_0": "21:00"}, "cả giờ bắt đầu và giờ kết thúc"),
        ({"quiet_from_0": "21:00", "quiet_to_0": "21:00"}, "cả ngày không phát"),
        ({"volume_from_0": "05:00"}, "Ghi đủ"),
        ({"most_sessions": "2", "valid_from": "2027-01-02", "valid_to": "2027-01-01"}, "sau ngày bắt đầu"),
        ({"most_sessions": "2", "basis": " "}, "bắt buộc"),
    ],
)
def test_a_wrong_policy_comes_back_with_words(desk: Desk, officer: Client, given: dict[str, Any], said: str) -> None:
    answer = officer.post(reverse("schedule:policy-new"), {"in": str(desk.here.pk), "basis": "QĐ 1"} | given)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Policy.objects.exists()


def from_above(desk: Desk, priority: str = PriorityClass.ORDINARY, title: str = "Tin của tỉnh") -> Bulletin:
    made = desk.approved()
    Bulletin.objects.filter(pk=made.pk).update(place=desk.root, priority=priority)
    made.refresh_from_db()
    assert made.current is not None
    made.current.title = title
    made.current.save()
    return made


def test_an_ordinary_one_waits_until_it_is_chosen_or_declined(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    above, bulletin = signed(chief), from_above(desk)
    assert "Xã Phước Thuận" in page(above, "offer", pk=bulletin.pk)
    above.post(reverse("schedule:offer", kwargs={"pk": bulletin.pk}), {"place": [str(desk.here.pk), str(desk.two.pk)]})
    offer = Offer.objects.get()
    assert (offer.place, offer.state) == (desk.here, "waiting")
    silent = slot(desk)
    kept = slot(desk, programme(desk, "Tin sáng", newest()), at=time(17))
    assert "Tin của tỉnh" in page(officer, "inbox")
    assert "Tin của tỉnh" not in page(signed(desk.neighbour), "inbox")
    address = reverse("schedule:inbox-decide", kwargs={"pk": offer.pk, "do": "chon"})
    assert "Hãy chọn khung giờ" in officer.post(address, follow=True).content.decode()
    with pytest.raises(offering.OfferRefused, match="chỉ có nhạc hoặc tiếp âm"):
        offering.choose(offer=offer, slot=silent, actor=desk.both, now=clock.now())
    officer.post(address, {"slot": str(kept.pk)})
    offer.refresh_from_db()
    assert (offer.state, offer.slot) == ("chosen", kept)
    assert signed(desk.neighbour).post(address).status_code == 404
    above.post(reverse("schedule:offer", kwargs={"pk": bulletin.pk}), {"place": [str(desk.here.pk)]})
    assert Offer.objects.get().state == "chosen", "sent again, it keeps what was decided"


def test_declined_and_looked_at_again(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    offering.send_down(bulletin=from_above(desk), place_ids=[desk.here.pk], actor=chief, now=clock.now())
    offer = Offer.objects.get()
    for do, state in (("khong-dung", "declined"), ("mo-lai", "waiting")):
        officer.post(reverse("schedule:inbox-decide", kwargs={"pk": offer.pk, "do": do}))
        offer.refresh_from_db()
        assert offer.state == state


def test_priority_ones_enter_and_the_officer_orders_them(desk: Desk, officer: Client) -> None:
    chief = desks.person("tinh", "Cấp Trên", desk.root, "editor")
    for title in ("Tin ưu tiên một", "Tin ưu tiên hai"):
        bulletin = from_above(desk, PriorityClass.PRIORITY, title)
        offering.send_down(bulletin=bulletin, place_ids=[desk.here.pk], actor=chief, now=clock.now())
    own = desk.approved(priority="priority")
    programme(desk, "Sáng", items.Item(Kind.BULLETIN, what=own.pk.hex))
    one, two = Offer.objects.order_by("pk")
    assert (one.state, two.state) == ("entered", "entered")
    answer = officer.post(reverse("schedule:inbox-decide", kwargs={"pk": one.pk, "do": "khong-dung"}), follow=True)
    assert "chỉ sắp xếp thứ tự" in answer.content.decode()
    officer.post(reverse("schedule:inbox-order"), {"in": str(desk.here.pk), "rank": [two.pk, "own", one.pk]})
    assert list(Offer.objects.order_by("rank").values_list("pk", "rank")) == [(two.pk, -1), (one.pk, 1)]
    shown = page(officer, "inbox")
    assert shown.index("Tin ưu tiên hai") < shown.index("Tin ưu tiên của đơn vị") < shown.index("Tin ưu tiên một")
    stale = officer.post(reverse("schedule:inbox-order"), {"in": str(desk.here.pk), "rank": [999]}, follow=True)
    assert "Danh sách vừa thay đổi" in stale.content.decode()


def test_what_is_not_approved_or_an_emergency_is_not_sent_down(desk: Desk) -> None:
    client = signed(desk.both)
    draft = desk.written()
    answer = client.post(reverse("schedule:offer", kwargs={"pk": draft.pk}), {"place": [str(desk.one.pk)]}, follow=True)
    assert "chưa được duyệt" in answer.content.decode()
    with pytest.raises(offering.OfferRefused, match="khẩn cấp"):
        offering.send_down(
            bulletin=from_above_emergency(desk), place_ids=[desk.one.pk], actor=desk.both, now=clock.now()
        )
    assert not Offer.objects.exists()


def from_above_emergency(desk: Desk) -> Bulletin:
    made = desk.approved()
    Bulletin.objects.filter(pk=made.pk).update(priority=PriorityClass.EMERGENCY)
    return made


def test_whoever_only_watches_sees_but_changes_nothing(desk: Desk) -> None:
    made, client = slot(desk), signed(desk.watcher)
    assert "Bản tin sáng" in page(client, "week")
    assert "Đặt giờ phát" not in page(client, "week")
    assert "Lưu" not in page(client, "slot", pk=made.pk)
    for name in ("slot-new", "programme-new", "policy-new"):
        assert client.get(reverse(f"schedule:{name}")).status_code == 404
    assert planned.slots_of(desk.stranger).count() == 0


def test_brightness_by_the_hour(desk: Desk, officer: Client) -> None:
    sent = {"in": str(desk.here.pk), "basis": "QĐ 4", "light_from_0": "21:00", "light_to_0": "05:00"}
    answer = officer.post(reverse("schedule:policy-new"), sent | {"light_most_0": ""})
    assert answer.status_code == 422
    assert "Ghi đủ từ giờ, đến giờ và độ sáng" in answer.content.decode()
    assert officer.post(reverse("schedule:policy-new"), sent | {"light_most_0": "5"}).status_code == 422
    assert officer.post(reverse("schedule:policy-new"), sent | {"light_most_0": "40"}).status_code == 302
    shown = signed(desk.approver).get("/cho-nguoi-thu-hai/").content.decode()
    assert "21:00–05:00: 40 %" in shown
    agree(desk.approver)
    assert Policy.objects.get().brightness == [["21:00", "05:00", 40]]
    assert page(officer, "policies").count("21:00–05:00: nhiều nhất 40 %") == 2
    there = reverse("schedule:policy", kwargs={"pk": Policy.objects.get().pk})
    assert 'value="40"' in officer.get(there).content.decode()
