"""Our words in CAP: every hazard and each of its texts gives a message that the standard allows."""

from datetime import timedelta

import pytest

from nguon.cap import checks, codes, hazards, profile, read, words, write
from nguon.cap.hazards import Kind
from nguon.cap.model import Alert, Named, Reference
from tests.unit.cap.messages import SENT, area

EXAMPLES = {name: blank.example for name, blank in hazards.known_blanks().items()}
FIRST = (Reference("a@example.vn", "1", SENT),)


def message(hazard: hazards.Hazard, kind: Kind, level: int | None, *, drill: bool = False) -> Alert:
    info = profile.info(
        hazard,
        hazards.fill(hazard.say(kind, drill=drill), EXAMPLES),
        sender_name="Ủy ban nhân dân xã Tuy Phước Đông",
        areas=(area(geocodes=(Named(profile.PLACE, "21970"),)),),
        effective=SENT,
        expires=SENT + timedelta(hours=6),
        kind=kind,
        level=level,
    )
    return profile.alert(
        identifier="VN-21970-2026-1",
        sender="a@example.vn",
        sent=SENT,
        infos=(info,),
        kind=kind,
        drill=drill,
        earlier=() if kind == Kind.WARNING else FIRST,
        note="Diễn tập năm 2026" if drill else "",
    )


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("hazard", hazards.all(), ids=lambda hazard: hazard.code)
def test_every_text_of_every_hazard_is_a_good_message(hazard: hazards.Hazard, kind: Kind, drill: bool) -> None:
    made = message(hazard, kind, hazard.levels[-1] if hazard.levels else None, drill=drill)
    assert checks.advise(made) == ()
    assert read.parse(write.render(made)) == made
    assert words.summary(made)
    assert made.status == (codes.Status.EXERCISE if drill else codes.Status.ACTUAL)


def test_the_kind_of_text_is_the_type_of_message() -> None:
    flood = hazards.by_code("lu")
    types = {kind: message(flood, kind, 3).message_type for kind in Kind}
    assert types == {
        Kind.WARNING: codes.MessageType.ALERT,
        Kind.CORRECTION: codes.MessageType.UPDATE,
        Kind.MISTAKE: codes.MessageType.CANCEL,
        Kind.OVER: codes.MessageType.UPDATE,
    }
    again = profile.alert(identifier="2", sender="a", sent=SENT, infos=(), earlier=FIRST)
    assert again.message_type == codes.MessageType.UPDATE


def test_what_is_over_asks_for_nothing_more() -> None:
    (told,) = message(hazards.by_code("lu"), Kind.OVER, 4).infos
    assert (told.urgency, told.responses) == (codes.Urgency.PAST, (codes.Response.ALL_CLEAR,))


def test_the_level_of_risk_goes_along() -> None:
    (told,) = message(hazards.by_code("bao"), Kind.WARNING, 4).infos
    assert told.parameters == (Named("VN-Risk-Level", "4"), Named("VN-Risk-Colour", "đỏ"))
    assert told.severity == codes.Severity.EXTREME
    assert message(hazards.by_code("dich_benh"), Kind.WARNING, None).infos[0].parameters == ()


def test_what_an_officer_chose_goes_before_the_default() -> None:
    chosen = hazards.Grade(codes.Urgency.FUTURE, codes.Severity.MINOR, codes.Certainty.POSSIBLE)
    told = profile.info(
        hazards.by_code("lu"), hazards.Words("Lũ", ()), sender_name="a", areas=(), effective=SENT, expires=SENT,
        level=5, ranked=chosen,
    )  # fmt: skip
    assert (told.urgency, told.severity, told.certainty) == (chosen.urgency, chosen.severity, chosen.certainty)
