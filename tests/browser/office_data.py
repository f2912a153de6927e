"""What lies on the desks of the demonstration's commune, so that no page of sites and feedback is empty.

Called within a server's own Django: `Server.shell("from tests.browser.office_data import fill; fill()")`.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from nguon.feedback import actions, forwarding, private
from nguon.feedback.models import Authority, Case, CaseState, Field, Forwarded, Route, Template, Term
from nguon.feedback.open311 import actions as programs
from nguon.feedback.telling import Told
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin
from nguon.people.models import Person, Role
from nguon.places.models import Place
from nguon.portal import editions
from nguon.portal.models import Paper, Posting, Site, Survey
from nguon.portal.surveys import actions as surveys
from nguon.portal.surveys import rules
from nguon.review import actions as reviews
from nguon.review.models import Review, State
from tests.app import sited

DAY = timedelta(days=1)
QUESTIONS = """Ông bà nghe loa của xã lúc nào là tiện nhất? (*)
- Sáng sớm, trước 6 giờ
- Chiều, sau 17 giờ

Ông bà muốn nghe thêm những gì?
+ Giá nông sản
+ Lịch cắt điện, nước

Ông bà hài lòng với việc tiếp công dân đến mức nào?
*

Ông bà muốn góp ý điều gì thêm?"""
BODY = "Sáng thứ Năm hằng tuần, tại trụ sở xã.\n\n| Thứ | Ai tiếp |\n|---|---|\n| Năm | Chủ tịch UBND xã |"


@transaction.atomic
def fill() -> None:
    """All of it; prints the identities that addresses need, as one line of JSON."""
    now = timezone.now()
    site = Site.objects.get(slug="phuoc-thuan")
    people = {one.username: one for one in Person.objects.select_related("office")}
    writer, keeper = people["bt.phuocthuan"], people["qt.phuocthuan"]
    Role.objects.create(person=keeper, kind="desk", place=site.place)  # who sets rules up tries them on cases
    ids = _written(site, writer, now) | _asked(site, writer, people["duyet.phuocthuan"], now)
    ids |= _told(site, writer, people["quantri"], now) | _set_up()
    open_ = Review.objects.filter(state=State.SUBMITTED).order_by("submitted_at")
    ids["reviews"] = {one.subject.split(":")[0]: str(one.pk) for one in open_}
    print(json.dumps(ids))


def _written(site: Site, writer: Person, now: datetime) -> dict[str, Any]:
    page = site.sections.get(key="lich-tiep-cong-dan")
    before = page.editions.order_by("-number").first()
    edition = editions.write(section=page, body=BODY, seen=before.number if before else 0, actor=writer, now=now)
    editions.hand_in(edition=edition, actor=writer, now=now)
    posted = [sited.post(site, sited.hands(now), title, body, kind) for title, kind, body in sited.ARTICLES]
    waits, failed, withdrawn = (Posting.objects.filter(pk=one.pk) for one in posted[:3])
    waits.update(publish_at=now + DAY)
    failed.update(failed_why="other")
    withdrawn.update(withdrawn_at=now, withdrawn_by=writer, withdrawn_why="Đã hoãn lịch tiêm.")
    ready = newsroom.with_state(Bulletin.objects.all(), now).filter(state="approved")[:1].get()
    paper = Paper.objects.filter(section__site=site)[:1].get()
    found = {"site": site, "edition": edition, "bulletin": ready, "paper": paper}
    sections = {one.key: str(one.pk) for one in site.sections.all()}
    return {"sections": sections, **{name: str(one.pk) for name, one in found.items()}}


def _asked(site: Site, writer: Person, approver: Person, now: datetime) -> dict[str, Any]:
    """A survey that waits for approval, one that came back, one that runs, one that is over."""
    waiting = _survey(site, "Lấy ý kiến dự thảo quy ước thôn Quảng Vân", writer, now)
    returned = _survey(site, "Khảo sát nhu cầu học nghề nông thôn", writer, now)
    assert returned.review is not None
    reviews.return_(review=returned.review, reason="Câu hỏi cuối chưa rõ, xin viết lại.", actor=approver, now=now)
    running = _survey(site, "Khảo sát giờ phát thanh của xã", writer, now)
    over = _survey(site, "Khảo sát sự hài lòng với việc tiếp công dân", writer, now)
    for one in (running, over):
        assert one.review is not None
        seen = {"text_hash": one.review.text_hash, "media_hash": one.review.media_hash}
        reviews.approve(review=one.review, actor=approver, now=now, **seen)
        one.refresh_from_db()
        for number in range(9):
            given = {"q0": ["Chiều, sau 17 giờ"], "q1": ["Giá nông sản"], "q2": [str(1 + number % 5)]}
            given["q3"] = ["Nên đọc chậm hơn và nhắc lại hai lần."]
            surveys.answer(survey=one, given=given, mark=f"m{number}", now=now)
    Survey.objects.filter(pk=over.pk).update(opens_at=now - 20 * DAY, closes_at=now - DAY)
    found = {"waiting": waiting, "returned": returned, "running": running, "over": over}
    return {name: str(one.pk) for name, one in found.items()}


def _survey(site: Site, title: str, writer: Person, now: datetime) -> Survey:
    plan = surveys.Plan(
        kind="survey",
        title=title,
        intro="Xin ông bà dành vài phút trả lời.",
        questions=rules.questions(QUESTIONS),
        opens_at=now - DAY,
        closes_at=now + 14 * DAY,
        results="after",
    )
    return surveys.write(site=site, survey=None, plan=plan, actor=writer, now=now)


def _told(site: Site, writer: Person, keeper: Person, now: datetime) -> dict[str, Any]:
    """Cases in every state an officer meets, one with photos, three held; two that ask to be forgotten."""
    hamlet = Place.objects.get(up_links__parent=site.place_id, name="Quảng Vân")
    here = Case.objects.filter(place__up_links__parent=site.place_id, held="")
    for number in range(3):
        words = f"MUA NGAY thuốc bổ số {number}, giá rẻ nhất, giao tận nơi!"
        held = _case(hamlet, now, words=words, trap="x")
    named = here.exclude(tail="").filter(reporter__isnull=False).order_by("received_at")
    first, last = named[0], named.reverse()[0]
    private.ask_erasure(case=first, photos=True, words="Tôi không muốn để lại tên ở đây nữa.", now=now - 9 * DAY)
    private.ask_erasure(case=last, photos=False, words="", now=now)
    private.look(case=first, why="look-ask", actor=writer, now=now)
    found = {
        "fresh": here.filter(state=CaseState.NEW)[:1].get(),
        "working": here.filter(state=CaseState.WORKING)[:1].get(),
        "answered": here.filter(wordings__sent_at__isnull=False)[:1].get(),
        "drafted": Case.objects.filter(wordings__review__state=State.SUBMITTED)[:1].get(),
        "sent": _forwarded(site, hamlet, writer, keeper, now),
        "held": held,
        "named": first,
        "request": first.privacy_requests.get(),
    }
    return {name: str(one.pk) for name, one in found.items()}


def _case(place: Place, now: datetime, *, words: str, **more: Any) -> Case:
    return actions.take_in(told=Told(words=words, place_id=place.pk, source="web", **more), actor=None, now=now).case


def _forwarded(site: Site, hamlet: Place, writer: Person, keeper: Person, now: datetime) -> Case:
    """A case on its way to another authority, which does not answer; a program that may post."""
    name = "Ứng dụng công dân số tỉnh"
    programs.make_client(place_id=site.place_id, name=name, consent=True, hourly=60, actor=keeper, now=now)
    values = {"name": "Điện lực Tuy Phước", "address": "https://dien-luc.example/v2", "jurisdiction": ""}
    power: Authority = forwarding.make_authority(
        place_id=site.place_id, service="day-dien", key="x", actor=keeper, now=now, **values
    )
    case = _case(hamlet, now, words="Dây điện võng xuống sát mặt đường ở xóm 3, xe tải đi qua là chạm.")
    actions.accept(case=case, words="", actor=writer, now=now)
    forwarding.forward(case=case, authority=power, words="Dây điện võng sát mặt đường.", actor=writer, now=now)
    wait = {"failures": 3, "fault": "máy chủ bên kia không trả lời", "next_at": now + 5 * DAY}
    Forwarded.objects.filter(case=case).update(**wait)
    return case


def _set_up() -> dict[str, Any]:
    rows = {"term": Term, "route": Route, "template": Template, "field": Field}
    return {name: str(model._default_manager.all()[:1].get().pk) for name, model in rows.items()}
