"""The websites of the demonstration: one for each commune, written and approved by its own people."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml

from nguon.config.demo.load import ACTOR, found
from nguon.devices import channels
from nguon.kit.clock import local_day
from nguon.media.files import keep_bytes
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin
from nguon.newsroom.rules import State
from nguon.people.models import Person
from nguon.portal import actions, documents, editions, office, papers, posting
from nguon.portal.events import actions as events
from nguon.portal.events.actions import Plan
from nguon.portal.models import PaperKind, Site, SurveyKind
from nguon.portal.serving import CHANNEL
from nguon.portal.surveys import actions as surveys
from nguon.portal.surveys import rules
from nguon.review import actions as reviews
from nguon.review.models import Review

FILE = Path(__file__).with_name("sites.yaml")
ODT = "application/vnd.oasis.opendocument.text"
_SPACES = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))
_CONTENT = (
    f'<office:document-content{_SPACES} office:version="1.3"><office:body><office:text>%s</office:text>'
    "</office:body></office:document-content>"
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def make(*, now: datetime) -> list[Site]:
    """All of them, open, with what stands on them. Raises NotLoaded without the places of the demonstration."""
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    made = {row["place"]: _site(row, data["common"], now) for row in data["sites"]}
    for row in data["pages"]:
        for key in row.get("at", made):
            _page(made[key], row, _hands(data["hands"], key), now)
    for row in data["papers"]:
        for key in row["at"]:
            _paper(made[key], row, _hands(data["hands"], row.get("by", key)), now)
    for row in data["surveys"]:
        _survey(made[row["at"]], row, _hands(data["hands"], row["at"]), now)
    for row in data["events"]:
        _event([made[key] for key in row["at"]], row, _hands(data["hands"], row.get("hands", row["at"][0])), now)
    return list(made.values())


def post(*, now: datetime) -> int:
    """Post the approved bulletins of the demonstration on the sites of their places; how many that made.

    None where the channel of sites is not among the installation's.
    """
    if CHANNEL not in channels.active():
        return 0
    made = 0
    for site in Site.objects.all():
        here = newsroom.with_state(Bulletin.objects.filter(place=site.place_id), now).filter(state=State.APPROVED)
        for bulletin in here:
            at = newsroom.newest(bulletin).created_at  # the moment of its approval, too
            made += len(posting.post(bulletin=bulletin, sites={site: None}, actor=bulletin.author, now=at))
    return made


def _site(row: Mapping[str, Any], common: Mapping[str, str], now: datetime) -> Site:
    place = found(row["place"], local_day(now))
    name = f"Trang thông tin điện tử {place}"
    site = actions.create_site(place=place, slug=row["slug"], name=name, actor=ACTOR, now=now)
    about = actions.About(
        name=name,
        lead=row.get("lead", ""),
        colour=row["colour"],
        owner=f"UBND {place}",
        responsible=row["responsible"],
        address=f"{row['street'][:1].upper()}{row['street'][1:]}, {place}",
        phone=f"{row['phone']} (số minh họa)",
        email=row["email"],
        **common,
    )
    actions.describe(site=site, about=about, actor=ACTOR, now=now)
    return actions.open_site(site=site, actor=ACTOR, now=now)


def _hands(hands: Mapping[str, Mapping[str, str]], key: str) -> tuple[Person, Person]:
    """Who writes and who approves for a place."""
    row = hands.get(key, hands["other"])
    return Person.objects.get(username=row["author"]), Person.objects.get(username=row["approver"])


def _page(site: Site, row: Mapping[str, Any], hands: tuple[Person, Person], now: datetime) -> None:
    at = now - timedelta(days=row.get("age", 0))
    place = str(site.place)
    told = {name: getattr(site, name) for name in ("responsible", "phone", "email", "address")}
    body = row["body"].format(place=place, Place=place[:1].upper() + place[1:], **told)
    section = site.sections.get(key=row["section"])
    edition = editions.write(section=section, body=body, seen=0, actor=hands[0], now=at)
    _decided(editions.hand_in(edition=edition, actor=hands[0], now=at), row, hands[1], at)


def _paper(site: Site, row: Mapping[str, Any], hands: tuple[Person, Person], now: datetime) -> None:
    at = now - timedelta(days=row["age"])
    said = papers.Said(
        title=row["title"],
        sign=row["sign"],
        issuer=row.get("issuer", f"UBND {site.place}"),
        kind=row.get("kind", PaperKind.OTHER),
        issued_on=local_day(now - timedelta(days=row["issued"])),
        file=keep_bytes(_document(f"{row['sign']} {row['title']}", row["text"]), ODT, now, {}),
        filename=documents.name_of(f"{row['sign'].replace('/', '-') or 'du-thao'}.odt", ODT),
    )
    paper = papers.add(section=site.sections.get(key=row["section"]), said=said, actor=hands[0], now=at)
    assert paper.review is not None
    if row.get("given"):
        papers.give(paper=paper, sites=office.takers(hands[0], paper), actor=hands[0], now=at)
    _decided(paper.review, row, hands[1], at)


def _survey(site: Site, row: Mapping[str, Any], hands: tuple[Person, Person], now: datetime) -> None:
    opens = now - timedelta(days=row["age"])
    plan = surveys.Plan(
        kind=SurveyKind.DRAFT,
        title=row["title"],
        intro=row["intro"],
        questions=rules.questions(row["questions"]),
        opens_at=opens,
        closes_at=opens + timedelta(days=row["days"]),
        results=row["results"],
        file=keep_bytes(_document(row["title"], row["draft"]), ODT, now, {}),
        filename="du-thao.odt",
    )
    survey = surveys.write(site=site, survey=None, plan=plan, actor=hands[0], now=opens)
    assert survey.review is not None
    _decided(survey.review, row, hands[1], opens)
    survey.refresh_from_db()
    for number, given in enumerate(row["answers"]):
        answers = {f"q{at}": said for at, said in enumerate(given)}
        surveys.answer(survey=survey, given=answers, mark=f"demo-{number}", now=now)


def _event(sites: list[Site], row: Mapping[str, Any], hands: tuple[Person, Person], now: datetime) -> None:
    first = local_day(now + timedelta(days=row["in"]))
    plan = Plan(
        title=row["title"],
        where=row["where"],
        first=first,
        last=first + timedelta(days=row.get("days", 1) - 1),
        begins=time.fromisoformat(row["begins"]) if "begins" in row else None,
        ends=time.fromisoformat(row["ends"]) if "ends" in row else None,
        body=row["body"],
        contact=row.get("contact", ""),
    )
    at = now - timedelta(days=row.get("age", 0))
    wording = events.write(plan=plan, sites=sites, actor=hands[0], now=at)
    assert wording.review is not None
    _decided(wording.review, row, hands[1], at)
    if "cancelled" in row:
        events.cancel(event=wording.event, why=row["cancelled"], actor=hands[0], now=now)


def _decided(review: Review, row: Mapping[str, Any], approver: Person, now: datetime) -> None:
    if row.get("waiting"):
        return
    seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    reviews.approve(review=review, actor=approver, now=now, **seen)


def _document(title: str, text: str) -> bytes:
    """A text document of two paragraphs, as an office program writes it."""
    out = io.BytesIO()
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in (title, text))
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", ODT)
        packed.writestr("content.xml", _CONTENT % body)
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
    return out.getvalue()
