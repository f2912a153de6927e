"""What an officer fills in for each step of a case. One form a step; a step without one needs no words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.feedback import answering, desk
from nguon.feedback.answering import Prepared
from nguon.feedback.codes import parsed
from nguon.feedback.desk_forms import Line, OfficeField, Words
from nguon.feedback.models import Case, Field, Severity
from nguon.kit import clock
from nguon.kit.words import gettext_noop
from nguon.newsroom.forms import moment
from nguon.people.models import Office, Person

REASON = {"required": _("Hãy ghi lời cho người gửi đọc.")}


def telling(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 3) -> Words:
    """A field for words that the reporter reads, or the office."""
    widget = forms.Textarea(attrs={"rows": rows})
    return Words(
        label=label, help_text=help_text, required=required, max_length=4000, widget=widget, error_messages=REASON
    )


class StepForm(forms.Form):
    """A step. `case` and `person` decide what is offered; `state` names the prepared words that fit."""

    state = ""

    def __init__(self, case: Case, person: Person, data: Any = None, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix)
        self.case, self.actor = case, person
        self.offer()

    def offer(self) -> None:
        """Fill in what is offered."""

    def prepared(self) -> list[Prepared]:
        """Prepared words for this step."""
        return answering.prepared(self.case, self.state) if self.state else []

    def values(self) -> dict[str, Any]:
        """What the action is told."""
        return dict(self.cleaned_data)


class NothingForm(StepForm):
    """A step without words."""


class AcceptForm(StepForm):
    words = telling(_("Lời nhắn cho người gửi"), _("Không bắt buộc."), required=False, rows=2)


class AssignForm(StepForm):
    office = OfficeField(label=_("Cơ quan"), queryset=Office.objects.none(), empty_label=_("Chọn cơ quan"))
    person = forms.ModelChoiceField(
        label=_("Người xử lý"), queryset=Person.objects.none(), required=False, empty_label=_("Cơ quan tự phân công")
    )
    note = telling(_("Ghi chú cho cơ quan"), _("Chỉ cán bộ đọc được."), required=False, rows=2)

    def offer(self) -> None:
        office, person = self.fields["office"], self.fields["person"]
        assert isinstance(office, forms.ModelChoiceField)
        assert isinstance(person, forms.ModelChoiceField)
        office.queryset, person.queryset = (
            desk.offices(self.actor, clock.now()),
            desk.colleagues(self.actor, clock.now()),
        )
        self.initial = {"office": self.case.office_id, "person": self.case.person_id}


class AskForm(StepForm):
    state = "asked"
    words = telling(_("Hỏi thêm điều gì"), _("Người gửi đọc câu này khi tra cứu. Đồng hồ hạn dừng đến khi họ bổ sung."))


class SupplementForm(StepForm):
    words = telling(_("Người gửi bổ sung"), _("Ghi lại điều họ nói thêm qua điện thoại hoặc trực tiếp."))


class NewsForm(StepForm):
    words = telling(_("Việc đã đến đâu"), _("Người gửi đọc được. Việc trễ hạn cần báo tiến độ định kỳ."))


class SendBackForm(StepForm):
    why = telling(_("Vì sao trả lại"), _("Ví dụ: không thuộc thẩm quyền. Chỉ cán bộ đọc được."), rows=2)


class AskOfficeForm(StepForm):
    office = OfficeField(label=_("Cơ quan"), queryset=Office.objects.none(), empty_label=_("Chọn cơ quan"))
    words = telling(_("Cần ý kiến về việc gì"), _("Chỉ cán bộ đọc được."))
    answer_by = moment(_("Trả lời trước"))

    def offer(self) -> None:
        office = self.fields["office"]
        assert isinstance(office, forms.ModelChoiceField)
        own = self.case.office_id
        office.queryset = desk.offices(self.actor, clock.now()).exclude(pk__in=[own] if own else [])


class RefuseForm(StepForm):
    state = "refused"
    words = telling(_("Lý do không tiếp nhận"), _("Người gửi đọc được lý do này."))


class PassOnForm(StepForm):
    state = "passed-on"
    to = Line(
        label=_("Chuyển cho"), max_length=200, help_text=_("Tên cơ quan ngoài hệ thống, ví dụ: Điện lực Tuy Phước.")
    )
    words = telling(_("Lời cho người gửi"), _("Nói rõ đã chuyển đi đâu và liên hệ thế nào."))


class DivertForm(StepForm):
    state = "diverted"
    words = telling(_("Hướng dẫn cho người gửi"), rows=5)

    def offer(self) -> None:
        self.initial = {
            "words": gettext_noop(
                "Nội dung bạn gửi là khiếu nại hoặc tố cáo, được giải quyết theo Luật Khiếu nại, Luật Tố cáo chứ không "
                "theo quy trình phản ánh, kiến nghị. Xin gửi đơn có chữ ký đến bộ phận tiếp công dân của Ủy ban nhân "
                "dân xã, hoặc đến trực tiếp vào ngày tiếp công dân."
            )
        }


class DuplicateForm(StepForm):
    of = Line(label=_("Trùng với phản ánh"), max_length=20, help_text=_("Ghi mã, ví dụ: TP-26-7K3M9."))

    def clean_of(self) -> Case:
        code = parsed(self.cleaned_data["of"])
        found = desk.by_code(self.actor, code) if code else None
        if found is None:
            raise forms.ValidationError(_("Không có phản ánh nào mang mã này trong địa bàn của bạn. Hãy xem lại mã."))
        return found


class SortForm(StepForm):
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.filter(active=True), empty_label=_("Chọn lĩnh vực")
    )
    severity = forms.ChoiceField(label=_("Mức độ"), choices=Severity.choices)

    def offer(self) -> None:
        self.initial = {"field": self.case.field_id, "severity": self.case.severity}
