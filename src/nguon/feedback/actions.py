"""The verbs of cases, in one place: of officers (`acting`), of reporters (`reporting`), and taking in (`intake`)."""

from nguon.feedback.acting import (
    accept,
    answer_given,
    ask,
    ask_office,
    assign,
    begin,
    close,
    divert,
    mark_duplicate,
    news,
    office_answers,
    pass_on,
    publish,
    refuse,
    release,
    reopen,
    send_back,
    sort,
    unpublish,
)
from nguon.feedback.errors import CaseError, NotNow, Wait, WrongTelling
from nguon.feedback.intake import Taken, take_in
from nguon.feedback.reporting import look_up, say_content, supplement, too
from nguon.feedback.telling import Told
from nguon.people.scope import Forbidden

__all__ = [
    "CaseError",
    "Forbidden",
    "NotNow",
    "Taken",
    "Told",
    "Wait",
    "WrongTelling",
    "accept",
    "answer_given",
    "ask",
    "ask_office",
    "assign",
    "begin",
    "close",
    "divert",
    "look_up",
    "mark_duplicate",
    "news",
    "office_answers",
    "pass_on",
    "publish",
    "refuse",
    "release",
    "reopen",
    "say_content",
    "send_back",
    "sort",
    "supplement",
    "take_in",
    "too",
    "unpublish",
]
