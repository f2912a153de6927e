"""A desk with fields, offices and cases, for tests of feedback."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nguon.feedback import actions, answering
from nguon.feedback.models import Answer, Case, Field, Source, Step, Term, Unit, Wording
from nguon.feedback.telling import Told
from nguon.people.models import Office, Person
from nguon.review import actions as reviews
from tests.app import desk as desks
from tests.app.desk import Desk

WORDS = "Đèn đường trước nhà văn hóa thôn Quảng Vân hỏng ba đêm nay, tối đi lại rất nguy hiểm."
NAME, PHONE = "Trần Thị Bưởi", "0905 123 456"


@dataclass
class Counter:
    """A commune's counter: `desk` is the newsroom beside; `clerk` takes in and answers, `office` has the cases."""

    desk: Desk
    clerk: Person
    office: Office
    other: Office
    light: Field
    waste: Field

    def told(self, **changes: Any) -> Told:
        values: dict[str, Any] = {
            "words": WORDS,
            "place_id": self.desk.one.pk,
            "source": Source.PHONE,
            "name": NAME,
            "phone": PHONE,
            "consents": frozenset({"contact", "publish"}),
        }
        return Told(**values | changes)

    def case(self, ago: timedelta = timedelta(0), **changes: Any) -> Case:
        """A case that was just taken in."""
        return actions.take_in(told=self.told(**changes), actor=self.clerk, now=self.desk.now - ago).case

    def at_work(self, **changes: Any) -> Case:
        """A case that its office works on."""
        case = self.case(**changes)
        actions.assign(case=case, office=self.office, actor=self.clerk, now=self.desk.now)
        actions.begin(case=case, actor=self.clerk, now=self.desk.now)
        return case

    def approved(self, case: Case, text: str = "Đã thay bóng đèn tối 25/11. Cảm ơn bà con đã báo.") -> Answer:
        """An answer of the case that was approved and not given."""
        answer = answering.write_answer(case=case, text=text, actor=self.clerk, now=self.desk.now)
        review = answering.submit(answer=answer, actor=self.clerk, now=self.desk.now)
        seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
        reviews.approve(review=review, actor=self.desk.approver, now=self.desk.now, **seen)
        answer.refresh_from_db()
        return answer


def make() -> Counter:
    """The counter of the commune `here`, with the deadlines an empty server begins with."""
    desk = desks.make_desk()
    office = Office.objects.create(name="UBND xã Phước Thuận", place=desk.here)
    other = Office.objects.create(name="Công an khu vực Tuy Phước", place=desk.root)
    clerk = desks.person("tn", "Lê Thị Tiếp", desk.here, "desk")
    clerk.office = office
    clerk.save()
    Wording.objects.get_or_create(number=1, defaults={"text": "Đồng ý cho lưu.", "since": desk.now - timedelta(days=9)})
    if not Term.objects.exists():
        rows = ((Step.ACCEPT, 8, Unit.WORKING_HOURS), (Step.ANSWER, 20, Unit.DAYS))
        for step, amount, unit in rows:
            Term.objects.create(step=step, amount=amount, unit=unit, basis="Quyết định thử")
    light = field("den-duong", "Đèn đường", ["đèn đường", "bóng đèn"])
    return Counter(desk, clerk, office, other, light, field("rac", "Rác thải", ["rác"]))


def field(key: str, name: str, words: list[str]) -> Field:
    """A field that is known by these words."""
    return Field.objects.get_or_create(key=key, defaults={"name": name, "words": words})[0]
