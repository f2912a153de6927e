"""A district that gives playlists to large boards, and a lower system that takes them over a real connection."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from nguon.channels.board.upper import giving, service, taking
from nguon.channels.board.upper.giving import Terms
from nguon.channels.board.upper.models import BoardClass, Entry, Grant, UpperSource
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.newsroom import actions as newsroom
from nguon.newsroom import showing
from nguon.newsroom.models import Bulletin
from nguon.people.models import Office, Person
from nguon.wire.seal import thumbprint
from tests.app import desk as desks
from tests.app.desk import Desk


@dataclass
class World:
    """`here` gives; a lower system, in the same database and over HTTP, takes it for the place `there`."""

    desk: Desk
    keeper: Person  # technician of `here`
    lower: Person  # technician of `there`
    board_class: BoardClass
    board: Device
    address: str = ""

    def bulletin(self, title: str = "Lịch cắt điện ngày 25/11") -> Bulletin:
        """An approved bulletin with a page for boards."""
        version = newsroom.create(
            draft=self.desk.draft(title=title), details=self.desk.details(), actor=self.desk.editor, now=self.desk.now
        )
        showing.pages(version, self.desk.now)
        return self.desk.approved(version.bulletin)

    def add(self, bulletin: Bulletin, **terms: Any) -> Entry:
        return giving.add(
            board_class=self.board_class, bulletin=bulletin, terms=Terms(**terms), actor=self.desk.both, now=clock.now()
        )

    def grant(self) -> tuple[Grant, str]:
        return giving.grant(
            place=self.desk.here.pk,
            name="Trung tâm Văn hóa huyện",
            classes=[self.board_class],
            actor=self.keeper,
            now=clock.now(),
        )

    def playlist_address(self) -> str:
        return self.address + reverse("board:upper-playlist", args=[self.board_class.pk])

    def source(self, token: str, **changes: Any) -> UpperSource:
        given: dict[str, Any] = {
            "place": self.desk.there.pk,
            "name": "Nội dung của xã trên",
            "address": self.playlist_address(),
            "token": token,
            "boards": (self.board.pk,),
        }
        return taking.create(terms=taking.Terms(**(given | changes)), actor=self.lower, now=clock.now())

    def agreed(self, token: str) -> UpperSource:
        """A source that was asked once, agreed to and asked again."""
        found = look(self.source(token))
        kids = tuple(map(thumbprint, found.offered))
        taking.agree(source=found, kids=kids, actor=self.lower, now=clock.now())
        return look(found)


def make() -> World:
    desk = desks.make_desk()
    Office.objects.create(name="UBND xã Phước Thuận", place=desk.here)
    keeper = desks.person("kt", "Đỗ Kỹ Thuật", desk.here, "technician")
    lower = desks.person("kt2", "Ngô Kỹ Thuật", desk.there, "technician")
    made = giving.create_class(
        place=desk.here.pk, name="Màn LED trung tâm huyện", days=3, actor=desk.both, now=desk.now
    )
    board = desks.device("Màn LED ngã tư", desk.there, desk.now)
    board.channel = "board"
    board.save()
    return World(desk, keeper, lower, made, board)


def look(source: UpperSource) -> UpperSource:
    """One look, as the service does."""
    with ThreadPoolExecutor(2) as network:
        asyncio.run(service.look(UpperSource.objects.get(pk=source.pk), network))
    return UpperSource.objects.get(pk=source.pk)


def tell(source: UpperSource) -> UpperSource:
    """One report, as the service does."""
    with ThreadPoolExecutor(2) as network:
        asyncio.run(service.tell(UpperSource.objects.get(pk=source.pk), network))
    return UpperSource.objects.get(pk=source.pk)
