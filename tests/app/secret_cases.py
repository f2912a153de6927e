"""A case, and what the desk is set up with, that nobody else may see: for the walk along all addresses."""

from typing import Any

from nguon.feedback.models import Answer, Asked, Attachment, Case, DayOff, Field, Reporter, Route, Template, Term
from nguon.media.models import File
from nguon.people.models import Office
from tests.app.desk import Desk

MODELS = (Case, Asked, Attachment, Answer, Route, Term, DayOff, Template, Field, Reporter)
NOBODYS = ("setup", "setup-new")  # lists are for whoever sets up anything: their kind is one that is not


def make(desk: Desk, secret: str) -> dict[str, dict[str, Any]]:
    """A case of the hamlet beside, told by somebody, with a photo, a question to an office, an answer; a rule."""
    office = Office.objects.create(name=f"{secret} cơ quan", place=desk.here)
    case = Case.objects.create(
        code="TP-26-SECRT",
        tail="x",
        place=desk.two,
        source="web",
        words=f"{secret} phản ánh",
        folded="kin",
        office=office,
        state="working",
        received_at=desk.now,
        accept_by=desk.now,
        answer_by=desk.now,
    )
    Reporter.objects.create(case=case, name=f"{secret} người", phone="0900000000")
    file = File.objects.create(sha256="c" * 64, size=1, mime="image/webp", path="khong-co.webp", created_at=desk.now)
    Attachment.objects.create(case=case, number=1, file=file, width=1, height=1, at=desk.now)
    asked = Asked.objects.create(case=case, office=office, words=f"{secret} hỏi", by=desk.editor, at=desk.now)
    Answer.objects.create(
        case=case, number=1, text=f"{secret} đáp", digest="x", created_by=desk.editor, created_at=desk.now
    )
    route = Route.objects.create(place=desk.here, number=1, name=f"{secret} quy tắc", office=office)
    of_route = {"kind": "quy-tac", "pk": str(route.pk)}
    return {
        "feedback": {"pk": case.pk},
        "feedback:step": {"pk": case.pk, "name": "ket-thuc"},
        "feedback:part": {"pk": case.pk, "number": asked.pk},
        "feedback:photo": {"pk": case.pk, "number": 1},
        "feedback:setup-edit": of_route,
        "feedback:setup-end": of_route,
        "feedback:setup-move": {"pk": str(route.pk)},
        **{f"feedback:{name}": {"kind": "khong-co"} for name in NOBODYS},
    }
