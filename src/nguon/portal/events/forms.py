"""What an officer fills in for an event."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.kit.clock import local_day
from nguon.people.models import Person
from nguon.portal import markup, queries
from nguon.portal.events.actions import Plan
from nguon.portal.models import EventWording, Site


class Places(forms.ModelMultipleChoiceField[Site]):
    """Sites, told by their places."""

    def label_from_instance(self, obj: Site) -> str:
        return capfirst(str(obj.place))


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


def _hour(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput({"type": "time"}, "%H:%M"), help_text=help_text, required=False
    )


class EventForm(forms.Form):
    """An event. `person` decides which sites are offered."""

    title = forms.CharField(
        max_length=200,
        label=gettext_lazy("Tên sự kiện"),
        help_text=gettext_lazy("Ngắn gọn, ví dụ: Khám bệnh miễn phí cho người cao tuổi."),
    )
    where = forms.CharField(
        max_length=300,
        label=gettext_lazy("Ở đâu"),
        help_text=gettext_lazy("Ghi để người lạ cũng tìm được: nhà văn hóa thôn nào, gần đâu."),
    )
    first = _day(gettext_lazy("Từ ngày"))
    last = _day(gettext_lazy("Đến ngày"), gettext_lazy("Để trống nếu chỉ một ngày."), required=False)
    begins = _hour(gettext_lazy("Từ giờ"), gettext_lazy("Để trống nếu cả ngày. Nhiều ngày thì ngày nào cũng giờ này."))
    ends = _hour(gettext_lazy("Đến giờ"), gettext_lazy("Để trống nếu chưa rõ lúc nào xong."))
    body = forms.CharField(
        required=False,
        max_length=markup.MOST,
        widget=forms.Textarea,
        label=gettext_lazy("Nội dung"),
        help_text=gettext_lazy("Ai nên đến, mang theo gì. Đánh dấu chữ như trang viết: # tiêu đề, - gạch đầu dòng."),
    )
    contact = forms.CharField(
        required=False,
        max_length=300,
        label=gettext_lazy("Liên hệ"),
        help_text=gettext_lazy("Bộ phận và số điện thoại của cơ quan. Không ghi số riêng của người dân."),
    )
    sites = Places(
        Site.objects.none(),
        label=gettext_lazy("Đăng trên trang"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chưa chọn trang nào để đăng.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = queries.sites(person).order_by("place__folded")
        field = self.fields["sites"]
        assert isinstance(field, Places)
        field.queryset = offered
        if len(offered) == 1:  # nothing to choose
            field.widget = field.hidden_widget()
            field.initial = list(offered)

    def clean(self) -> dict[str, Any]:
        """The end after the beginning."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        begins, ends = given.get("begins"), given.get("ends")
        if ends and not begins and "begins" not in self.errors:
            self.add_error("begins", _("Hãy ghi giờ bắt đầu."))
        elif begins and ends and ends <= begins:
            self.add_error("ends", _("Giờ kết thúc phải sau giờ bắt đầu trong cùng ngày."))
        return given

    def plan(self) -> Plan:
        """What was filled in."""
        given = self.cleaned_data
        told = {name: given[name] for name in ("title", "where", "first", "begins", "ends", "body", "contact")}
        return Plan(last=given["last"] or given["first"], **told)


def usual(now: datetime) -> dict[str, Any]:
    """What a new event begins with."""
    return {"first": local_day(now), "seen": 0}


def typed(wording: EventWording) -> dict[str, Any]:
    """An event as it stands in the form."""
    names = ("title", "where", "first", "begins", "ends", "body", "contact")
    told = {name: getattr(wording, name) for name in names}
    last = wording.last if wording.last != wording.first else None
    return {**told, "last": last, "sites": list(wording.sites.all()), "seen": wording.number}
