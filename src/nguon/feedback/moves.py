"""The steps an officer may take with a case now: `rules.NEXT` and their rights, each with its form and its action."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.feedback import actions
from nguon.feedback import step_forms as forms
from nguon.feedback.models import Case
from nguon.feedback.rules import AT_WORK, State, may_become
from nguon.feedback.step_forms import StepForm
from nguon.people.models import Person

WITH_OFFICE = frozenset({State.ASSIGNED, State.WORKING, State.ASKED})


@dataclass(frozen=True)
class Step:
    """One step: what its button says, what becomes of the case, who carries it out.

    `then` is the state it leads to; `while_in` narrows the states it begins in. `main`: the usual next step.
    """

    name: str
    label: str | Promise
    icon: str
    does: Callable[..., object]
    done: str | Promise
    form: type[StepForm] = forms.NothingForm
    then: State | None = None
    while_in: frozenset[State] = field(default_factory=lambda: frozenset(State))
    main: frozenset[State] = frozenset()
    hint: str | Promise = ""

    def fits(self, case: Case) -> bool:
        """Whether the case stands where this step begins."""
        if State(case.state) not in self.while_in:
            return False
        return self.then is None or may_become(case.state, self.then)


STEPS = (
    Step(
        "tiep-nhan",
        _("Tiếp nhận"),
        "check",
        actions.accept,
        _("Đã tiếp nhận."),
        forms.AcceptForm,
        State.ACCEPTED,
        frozenset({State.NEW, State.DUPLICATE, State.DIVERTED}),
        frozenset({State.NEW}),
    ),
    Step(
        "giao",
        _("Giao xử lý"),
        "people",
        actions.assign,
        _("Đã giao."),
        forms.AssignForm,
        State.ASSIGNED,
        main=frozenset({State.ACCEPTED, State.REOPEN}),
    ),
    Step(
        "bat-dau",
        _("Bắt đầu xử lý"),
        "play",
        actions.begin,
        _("Đã ghi nhận là đang xử lý."),
        forms.NothingForm,
        State.WORKING,
        frozenset({State.ASSIGNED, State.REOPEN}),
        frozenset({State.ASSIGNED}),
        _("Người gửi thấy việc của mình đang được xử lý."),
    ),
    Step(
        "bo-sung",
        _("Ghi phần bổ sung"),
        "plus",
        actions.supplement,
        _("Đã ghi phần bổ sung."),
        forms.SupplementForm,
        State.WORKING,
        frozenset({State.ASKED}),
        frozenset({State.ASKED}),
    ),
    Step("hoi-them", _("Hỏi thêm người gửi"), "phone", actions.ask, _("Đã hỏi người gửi."), forms.AskForm, State.ASKED),
    Step(
        "xin-y-kien",
        _("Xin ý kiến cơ quan khác"),
        "people",
        actions.ask_office,
        _("Đã gửi câu hỏi cho cơ quan đó."),
        forms.AskOfficeForm,
        while_in=WITH_OFFICE,
    ),
    Step(
        "bao-tien-do",
        _("Báo tiến độ cho người gửi"),
        "send",
        actions.news,
        _("Đã báo tiến độ."),
        forms.NewsForm,
        while_in=WITH_OFFICE | {State.ACCEPTED, State.REOPEN},
    ),
    Step(
        "ket-thuc",
        _("Kết thúc"),
        "ok",
        actions.close,
        _("Đã kết thúc."),
        forms.NothingForm,
        State.CLOSED,
        main=frozenset({State.ANSWERED}),
        hint=_("Chỉ kết thúc khi việc đã xong. Người gửi vẫn đề nghị xem lại được."),
    ),
    Step(
        "xem-lai",
        _("Xem lại"),
        "return",
        actions.reopen,
        _("Đã mở lại để xem."),
        forms.NothingForm,
        State.REOPEN,
        hint=_("Phản ánh trở lại danh sách đang mở."),
    ),
    Step(
        "tra-lai",
        _("Trả lại nơi giao"),
        "return",
        actions.send_back,
        _("Đã trả lại nơi giao."),
        forms.SendBackForm,
        State.ACCEPTED,
        frozenset({State.ASSIGNED, State.WORKING}),
    ),
    Step(
        "trung",
        _("Trùng với phản ánh khác"),
        "link",
        actions.mark_duplicate,
        _("Đã ghi là trùng."),
        forms.DuplicateForm,
        State.DUPLICATE,
    ),
    Step(
        "chuyen",
        _("Chuyển cơ quan ngoài hệ thống"),
        "send",
        actions.pass_on,
        _("Đã chuyển."),
        forms.PassOnForm,
        State.PASSED_ON,
    ),
    Step(
        "khieu-nai",
        _("Là khiếu nại, tố cáo"),
        "info",
        actions.divert,
        _("Đã hướng dẫn người gửi."),
        forms.DivertForm,
        State.DIVERTED,
    ),
    Step(
        "tu-choi",
        _("Không tiếp nhận"),
        "close",
        actions.refuse,
        _("Đã trả lời là không tiếp nhận."),
        forms.RefuseForm,
        State.REFUSED,
    ),
)
NAMED = {step.name: step for step in STEPS}
SUPPLEMENTED = "bo-sung"


@dataclass(frozen=True)
class Offer:
    """A step as the page shows it. `open`: what was typed was refused, so it stands open with the reason."""

    step: Step
    form: StepForm
    main: bool
    open: bool = False
    refused: str = ""


def offered(case: Case, person: Person, tried: "Offer | None" = None) -> list[Offer]:
    """The steps for this case now, the usual one first; the one that was tried and refused as it was typed."""
    found = []
    for step in STEPS:
        if case.held or not step.fits(case):
            continue
        if tried is not None and tried.step is step:
            found.append(tried)
            continue
        form = step.form(case, person, prefix=step.name)
        found.append(Offer(step, form, State(case.state) in step.main))
    return sorted(found, key=lambda one: not one.main)


def take(*, step: Step, form: StepForm, case: Case, actor: Person, now: datetime) -> None:
    """Carry a step out with what was typed. Raises CaseError, Forbidden."""
    values: dict[str, Any] = form.values()
    if step.name == SUPPLEMENTED:  # told by the reporter, only written down by an officer
        step.does(case=case, now=now, **values)
    else:
        step.does(case=case, actor=actor, now=now, **values)


def working(case: Case) -> bool:
    """Whether somebody still has to do something about the case."""
    return State(case.state) in AT_WORK
