"""A desk for tests of feedback: two communes with their offices, who works there, and things that are told."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from nguon.feedback import actions, suggesting
from nguon.feedback.actions import Taken, Told
from nguon.feedback.models import Answer, Case, Field
from nguon.people.models import Office, Person
from nguon.places.models import Place
from tests.app.desk import person, place

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 8:00 in Vietnam; Tuesday the 24th is a holiday
WORDS = "Đường vào xóm 2 có ổ gà lớn, trời mưa xe máy té ngã nhiều lần."


@dataclass
class Hall:
    """`root › here › hamlet`, `root › there`; each commune with an office."""

    root: Place
    here: Place
    hamlet: Place
    there: Place
    above: Office
    office: Office
    power: Office  # another office of the commune
    far: Office
    clerk: Person
    worker: Person  # of the other office
    chief: Person  # of the whole territory
    neighbour: Person
    now: datetime = MONDAY

    def told(self, **changes: Any) -> Told:
        return replace(Told(words=WORDS, place_id=self.hamlet.pk, source="web"), **changes)

    def taken(self, actor: Person | None = None, now: datetime | None = None, **changes: Any) -> Taken:
        return actions.take_in(told=self.told(**changes), actor=actor, now=now or self.now)

    def case(self, **changes: Any) -> Case:
        return self.taken(**changes).case

    def assigned(self, **changes: Any) -> Case:
        case = self.case(**changes)
        return actions.assign(case=case, office=self.office, person=self.clerk, actor=self.clerk, now=case.received_at)

    def answered(self, case: Case | None = None, now: datetime | None = None) -> Case:
        case = case or self.assigned()
        at = now or self.now
        answer = Answer.objects.create(
            case=case, number=1, text="Đã vá xong đoạn đường.", digest="0", created_by=self.clerk, created_at=at
        )
        return actions.answer_given(case=case, answer=answer, actor=self.clerk, now=at)

    @staticmethod
    def field(key: str = "duong-giao-thong") -> Field:
        return Field.objects.get(key=key)


def make_hall() -> Hall:
    suggesting.forget()
    root = place("Tuy Phước", "khu vực")
    here, there = place("Phước Thuận", "xã", root), place("Phước Sơn", "xã", root)
    above = Office.objects.create(name="UBND khu vực Tuy Phước", place=root)
    office = Office.objects.create(name="UBND xã Phước Thuận", place=here)
    time.sleep(0.002)  # of two offices of a place the older one answers for it: their ids are of another millisecond
    power = Office.objects.create(name="Điện lực Phước Thuận", place=here)
    far = Office.objects.create(name="UBND xã Phước Sơn", place=there)
    made = Hall(
        root=root,
        here=here,
        hamlet=place("Quảng Vân", "thôn", here),
        there=there,
        above=above,
        office=office,
        power=power,
        far=far,
        clerk=person("tn", "Nguyễn Thị Tiếp", here, "desk"),
        worker=person("dl", "Trần Văn Điện", here, "desk"),
        chief=person("ct", "Lê Chủ Tịch", root, "editor"),
        neighbour=person("ps", "Võ Láng Giềng", there, "desk"),
    )
    for who, whose in ((made.clerk, office), (made.worker, power), (made.chief, above), (made.neighbour, far)):
        who.office = whose
        who.email = f"{who.username}@tuyphuoc.example"
        who.save()
    return made
