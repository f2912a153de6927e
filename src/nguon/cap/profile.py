"""How we use CAP: which of our words and values stand in which element. docs/cap.md tells it to others."""

from datetime import datetime

import msgspec

from nguon.cap import hazards
from nguon.cap.codes import Certainty, MessageType, Response, Scope, Status, Urgency
from nguon.cap.hazards import Grade, Hazard, Kind, Words
from nguon.cap.model import Alert, Area, Info, Named, Reference

LANGUAGE = "vi-VN"
HAZARD = "VN-Nguon-Hazard"  # eventCode: the code of the hazard in hazards.yaml
LEVEL = "VN-Risk-Level"  # parameter: the level of risk of Quyết định 18/2021, 1–5
COLOUR = "VN-Risk-Colour"  # parameter: the name of its colour
KIND = "VN-Nguon-Kind"  # parameter: warning, correction, mistake or over (`hazards.Kind`)
PLACE = "VN-GSO"  # geocode: the code of a place in the list of the General Statistics Office
_TYPES = {
    Kind.WARNING: MessageType.ALERT,
    Kind.CORRECTION: MessageType.UPDATE,
    Kind.MISTAKE: MessageType.CANCEL,
    Kind.OVER: MessageType.UPDATE,
}


def grade(hazard: Hazard, kind: Kind = Kind.WARNING, level: int | None = None) -> Grade:
    """Urgency, severity and certainty of a text: what is over or was a mistake asks for nothing more."""
    found = hazard.grade(level)
    if kind in (Kind.OVER, Kind.MISTAKE):
        certainty = Certainty.OBSERVED if kind == Kind.OVER else Certainty.UNLIKELY
        return msgspec.structs.replace(found, urgency=Urgency.PAST, certainty=certainty)
    return found


def info(
    hazard: Hazard,
    words: Words,
    *,
    sender_name: str,
    areas: tuple[Area, ...],
    effective: datetime,
    expires: datetime,
    kind: Kind = Kind.WARNING,
    level: int | None = None,
    ranked: Grade | None = None,
    onset: datetime | None = None,
    web: str = "",
    contact: str = "",
    language: str = LANGUAGE,
) -> Info:
    """The block of information of filled words. `ranked` is what an officer chose in place of the defaults."""
    chosen = ranked or grade(hazard, kind, level)
    colours = {one.level: one.colour for one in hazards.levels()}
    risk = () if level is None else (Named(LEVEL, str(level)), Named(COLOUR, colours[level]))
    over = kind in (Kind.OVER, Kind.MISTAKE)
    return Info(
        language=language,
        categories=hazard.categories,
        event=hazard.event,
        responses=(Response.ALL_CLEAR,) if over else hazard.responses,
        urgency=chosen.urgency,
        severity=chosen.severity,
        certainty=chosen.certainty,
        event_codes=(Named(HAZARD, hazard.code),),
        effective=effective,
        onset=onset,
        expires=expires,
        sender_name=sender_name,
        headline=words.headline,
        instruction=" ".join(words.order),
        web=web,
        contact=contact,
        parameters=risk,
        areas=areas,
    )


def alert(
    *,
    identifier: str,
    sender: str,
    sent: datetime,
    infos: tuple[Info, ...],
    kind: Kind = Kind.WARNING,
    drill: bool = False,
    earlier: tuple[Reference, ...] = (),
    note: str = "",
) -> Alert:
    """The whole message. A drill is of status Exercise; a text about an earlier message names it in `earlier`.

    A newer warning in place of an earlier one is an Update too. `cap.write` refuses what does not fit together.
    """
    kept = _TYPES[kind]
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=sent,
        status=Status.EXERCISE if drill else Status.ACTUAL,
        message_type=MessageType.UPDATE if earlier and kept == MessageType.ALERT else kept,
        scope=Scope.PUBLIC,
        note=note,
        references=earlier,
        infos=infos,
    )
