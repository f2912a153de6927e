"""Where a survey stands, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from nguon.portal.models import Survey
from nguon.portal.surveys.queries import is_open
from nguon.review.models import State


@dataclass(frozen=True)
class Standing:
    """A badge: its words and kind; why, where there is a reason."""

    badge: str
    kind: str
    why: str = ""


def standing(survey: Survey, now: datetime) -> Standing:
    """Where it stands at a moment."""
    state = survey.review.state if survey.review else ""
    if survey.withdrawn_at is not None:
        return Standing(_("Đã rút"), "off")
    if state == State.SUBMITTED:
        return Standing(_("Chờ duyệt"), "wait")
    if state == State.RETURNED and survey.review:
        return Standing(_("Bị trả lại"), "bad", survey.review.reason)
    if state != State.APPROVED:
        return Standing(_("Đang soạn"), "off")
    if is_open(survey, now):
        return Standing(_("Đang lấy ý kiến"), "ok")
    if now < survey.opens_at:
        return Standing(_("Đã hẹn ngày mở"), "wait")
    return Standing(_("Đã kết thúc"), "off") if survey.outcome else Standing(_("Chờ công bố kết quả"), "warn")


def may_change(survey: Survey) -> bool:
    """Whether its words may still change."""
    approved = survey.review is not None and survey.review.state == State.APPROVED
    return survey.withdrawn_at is None and not approved


def address(survey: Survey) -> str:
    """Its address below the server, where sites are served; empty elsewhere."""
    try:
        path = reverse("site:survey", args=[survey.slug], urlconf=settings.NGUON_PUBLIC_URLCONF)
    except NoReverseMatch:
        return ""
    return f"/trang/{survey.site.slug}{path}"
