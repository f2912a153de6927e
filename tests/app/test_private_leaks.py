"""Marked words in all that is personal, then a walk along every page, list, file and log: they stand where they may."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from nguon.feedback import actions
from nguon.feedback.models import Case, Reporter
from nguon.journal.models import Entry
from nguon.people.models import Kind
from nguon.portal.models import Site
from tests.app import told as halls
from tests.app.desk import person
from tests.app.told import Hall

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {
    "name": "Mật Danh Thị Họ",
    "phone": "0977123987",
    "email": "mat.thu@example.vn",
    "address": "Hẻm Mật Chỗ 9",
}
IN_WORDS = "mật trong lời"  # what the reporter wrote of themselves, and the officer left out of what is public
STREAMS = {"monitor:stream"}  # never end
OWN = {"feedback:contacts"}  # for whoever may know, after a reason


@pytest.fixture
def hall() -> Hall:
    return halls.make_hall()


@pytest.fixture
def case(hall: Hall) -> Case:
    """Answered, published, judged: it stands wherever a case may stand."""
    words = f"Cống tắc trước chợ, {IN_WORDS}."
    made = hall.case(words=words, **WHO, consents=frozenset({"contact"}), latitude=13.8, longitude=109.1)
    made = actions.assign(case=made, office=hall.office, person=hall.clerk, actor=hall.clerk, now=hall.now)
    made = hall.answered(made)
    actions.publish(case=made, title="Cống tắc", words="Cống tắc trước chợ.", actor=hall.clerk, now=hall.now)
    actions.say_content(case=made, score=4, words="", reopen=False, now=hall.now)
    made.refresh_from_db()
    return made


def plain(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Names of addresses without parameters."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from plain(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name and not (one.pattern.converters or one.pattern.regex.groups) and isinstance(one, URLPattern):
            yield f"{space}{one.name}"


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code < 500, address
    data: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return data.decode("utf-8", "replace")


def leaked(text: str, *more: str) -> list[str]:
    return [one for one in (*WHO.values(), *more) if one in text]


def test_nobody_who_is_not_signed_in_reads_any_of_it(hall: Hall, case: Case) -> None:
    times = {"opened_at": hall.now, "created_at": hall.now, "updated_at": hall.now}
    Site.objects.create(place=hall.here, slug="phuoc-thuan", name="Trang xã", **times)
    site = [f"/trang/phuoc-thuan{reverse(name, urlconf='nguon.config.public_urls')}" for name in sorted(public())]
    own = [reverse(name) for name in sorted(set(plain(get_resolver())) - STREAMS)]
    api = [
        f"/open311/v2/{what}.{form}"
        for what in ("services", "requests", f"requests/{case.pk.hex}")
        for form in ("json", "xml")
    ]
    named = [reverse("told:case", args=[case.pk]), f"{reverse('told:register')}?q={WHO['phone']}"]
    walked = 0
    for address in [*site, *own, *api, *named]:
        text = body(Client(), address)
        assert not leaked(text.replace(f"q={WHO['phone']}", "").replace(f'value="{WHO["phone"]}"', ""), IN_WORDS), (
            address
        )
        walked += "Cống tắc" in text
    assert walked >= 4, "the case stands in the register and in the interface for programs: the walk can see it"


def public() -> set[str]:
    return set(plain(get_resolver("nguon.config.public_urls")))


def test_officers_without_the_right_do_not_read_who_it_was(hall: Hall, case: Case) -> None:
    """The words are theirs to answer; who told it is not."""
    client = Client()
    client.force_login(person("ld", "Trần Duyệt", hall.here, "approver", "watcher", "technician"))
    pages = [reverse(name) for name in sorted(set(plain(get_resolver())) - STREAMS)]
    pages += [reverse("feedback:detail", args=[case.pk]), f"{reverse('feedback:list')}?q=Mật+Danh"]
    for address in pages:
        assert not leaked(body(client, address).replace('value="Mật Danh"', "")), address
    assert IN_WORDS in body(client, reverse("feedback:detail", args=[case.pk])), "the walk can see it"
    assert client.get(reverse("feedback:contacts", args=[case.pk])).status_code == 404


def test_even_whoever_may_know_reads_it_on_one_page_only(hall: Hall, case: Case) -> None:
    client = Client()
    client.force_login(person("moi", "Người Mọi Vai", hall.root, *Kind.values))
    pages = [reverse(name) for name in sorted(set(plain(get_resolver())) - STREAMS)]
    for address in [*pages, reverse("feedback:detail", args=[case.pk])]:
        assert not leaked(body(client, address)), address
    page = client.post(reverse("feedback:contacts", args=[case.pk]), {"why": "look-ask"}).text
    assert len(leaked(page)) == len(WHO), "the walk can see it"
    assert not leaked(body(client, reverse("journal:list")), IN_WORDS)


def test_the_journal_holds_none_of_it(hall: Hall, case: Case) -> None:
    said = json.dumps(json.loads(serializers.serialize("json", Entry.objects.all())), ensure_ascii=False)
    assert case.code in said
    assert not leaked(said, IN_WORDS)


def test_the_log_holds_none_of_it(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    made = hall.taken(words=f"Cống tắc, {IN_WORDS}.", **WHO, consents=frozenset({"contact"}))
    Client().post(reverse("told:data"), {"code": made.code, "tail": "0000"})
    page = Client().post(reverse("told:data"), {"code": made.code, "tail": made.tail})
    assert len(leaked(page.text)) == len(WHO)
    assert not leaked(caplog.text, IN_WORDS)


def test_a_search_of_cases_does_not_find_by_who_told_it(hall: Hall, case: Case) -> None:
    folded = "".join(Case.objects.values_list("folded", flat=True))
    assert "mat trong loi" in folded
    assert "mat danh" not in folded
    assert Reporter.objects.get().name == WHO["name"]
