"""All that is secret of cases, with who told them and other systems: for the walk along all addresses."""

from typing import Any

from nguon.feedback import actions, private
from nguon.feedback.models import Authority, Client, PrivacyRequest, Reporter
from tests.app import secret_told
from tests.app.desk import Desk

MODELS = (*secret_told.MODELS, Authority, Client, PrivacyRequest, Reporter)


def make(desk: Desk, secret: str) -> dict[str, dict[str, Any]]:
    """All of the hamlet beside, so that nobody else may even know of it."""
    told = actions.Told(
        words=f"{secret} cống tắc",
        place_id=desk.two.pk,
        source="web",
        name=f"{secret} người gửi",
        phone="0912000111",
        consents=frozenset({"contact"}),
    )
    case = actions.take_in(told=told, actor=None, now=desk.now).case
    asked = private.ask_erasure(case=case, photos=True, words=f"{secret} xin xóa", now=desk.now)
    made = {"place": desk.two, "name": f"{secret} hệ thống", "created_by": desk.both, "created_at": desk.now}
    client = Client.objects.create(digest="1", **made)
    authority = Authority.objects.create(address="https://so.example", service="1", **made)
    found: dict[str, dict[str, Any]] = {
        f"feedback:{name}": {"pk": asked.pk}
        for name in ("privacy-request", "privacy-reply", "privacy-extend", "privacy-erase")
    }
    found |= {f"feedback:{name}": {"pk": case.pk} for name in ("contacts", "forward", "forward-again")}
    found |= {"feedback:client-end": {"pk": client.pk}, "feedback:authority-end": {"pk": authority.pk}}
    asks = {f"open311:{name}": {"form": "json"} for name in ("discovery", "services", "requests")}
    one = {"form": "xml", "code": case.code, "token": case.code}
    asks |= {"open311:definition": {"form": "json", "code": "khong-co"}, "open311:request": one, "open311:token": one}
    return found | asks | secret_told.make(desk, secret)
