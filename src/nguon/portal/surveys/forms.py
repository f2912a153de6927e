"""What an officer fills in for a survey."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.kit.text import clean
from nguon.media.models import File
from nguon.people.models import Person
from nguon.portal import documents
from nguon.portal.errors import PortalError
from nguon.portal.models import Results, Site, Survey, SurveyKind
from nguon.portal.surveys import queries, rules
from nguon.portal.surveys.actions import Plan

EXAMPLE = gettext_lazy(
    "Bạn có nghe rõ loa ở thôn mình không? (*)\n- Nghe rõ\n- Lúc rõ lúc không\n- Không nghe được\n\n"
    "Bạn muốn nghe thêm những gì?\n+ Nông nghiệp\n+ Y tế\n+ Giáo dục\n\n"
    "Bạn hài lòng với giờ phát hiện nay đến đâu?\n*\n\nBạn muốn góp ý gì thêm?"
)


class SurveyForm(forms.Form):
    """A survey. `person` decides which sites are offered."""

    site = forms.ModelChoiceField(Site.objects.none(), label=gettext_lazy("Trang"))
    kind = forms.ChoiceField(choices=SurveyKind.choices, label=gettext_lazy("Loại"), widget=forms.RadioSelect)
    title = forms.CharField(max_length=200, label=gettext_lazy("Tiêu đề"))
    intro = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea,
        label=gettext_lazy("Giới thiệu"),
        help_text=gettext_lazy("Hỏi để làm gì, ý kiến sẽ được dùng ra sao. Không hỏi họ tên, số điện thoại."),
    )
    questions = forms.CharField(
        max_length=20000,
        widget=forms.Textarea,
        label=gettext_lazy("Câu hỏi"),
        help_text=gettext_lazy(
            "Mỗi câu hỏi cách nhau một dòng trống. Dưới câu hỏi: dòng bắt đầu bằng dấu - để chọn một, dấu + để chọn "
            "nhiều, một dòng chỉ có dấu * để cho điểm từ 1 đến 5; không có dòng nào thì tự viết. Thêm (*) vào cuối "
            "câu hỏi bắt buộc."
        ),
    )
    file = forms.FileField(
        required=False,
        label=gettext_lazy("Tệp dự thảo"),
        help_text=gettext_lazy("PDF, DOCX, XLSX hoặc ODT, nhiều nhất 30 MB. Cần có khi lấy ý kiến dự thảo."),
        widget=forms.ClearableFileInput({"accept": documents.ACCEPT}),
    )
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Bắt đầu"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Kết thúc"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    results = forms.ChoiceField(
        choices=Results.choices, label=gettext_lazy("Công bố số phiếu"), widget=forms.RadioSelect
    )

    def __init__(self, person: Person, *args: Any, survey: Survey | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._survey = survey
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.sites(person)
        self.asked: tuple[rules.Question, ...] = ()

    def clean_questions(self) -> str:
        """What reads as questions. Raises ValidationError with the line that does not."""
        written = clean(str(self.cleaned_data["questions"]))
        try:
            self.asked = rules.questions(written)
        except rules.Unclear as error:
            raise forms.ValidationError(_(error.said) % error.values) from error
        return written

    def clean_file(self) -> "UploadedFile[Any] | None":
        """A document of a kind that is taken."""
        given: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if given is None:
            return None
        try:
            documents.judge(given)
        except PortalError as error:
            raise forms.ValidationError(str(error)) from error
        return given

    def clean(self) -> dict[str, Any]:
        """The end after the beginning; a draft has its file."""
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_at"), given.get("closes_at")
        if opens and closes and closes < opens + timedelta(hours=1):
            self.add_error("closes_at", _("Ngày kết thúc phải sau ngày bắt đầu ít nhất một giờ."))
        kept = self._survey is not None and self._survey.file_id is not None
        if given.get("kind") == SurveyKind.DRAFT and not given.get("file") and not kept and "file" not in self.errors:
            self.add_error("file", _("Lấy ý kiến dự thảo thì cần tệp dự thảo để người dân đọc."))
        return given

    def plan(self, now: datetime) -> Plan:
        """What was filled in; the file is kept."""
        given = self.cleaned_data
        file, name = self._kept(given.get("file"), now)
        return Plan(
            kind=given["kind"],
            title=given["title"],
            intro=given["intro"],
            questions=self.asked,
            opens_at=given["opens_at"],
            closes_at=given["closes_at"],
            results=given["results"],
            file=file,
            filename=name,
        )

    def _kept(self, given: "UploadedFile[Any] | None", now: datetime) -> tuple[File | None, str]:
        if given is not None:
            return documents.take_in(upload=given, now=now)
        return (self._survey.file, self._survey.filename) if self._survey else (None, "")


def usual(person: Person, now: datetime) -> dict[str, Any]:
    """What a new survey begins with: the only site there is, two weeks from the next hour on, questions to change."""
    sites = list(queries.sites(person)[:2])
    opens = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {
        "site": sites[0] if len(sites) == 1 else None,
        "kind": SurveyKind.SURVEY,
        "questions": EXAMPLE,
        "opens_at": opens,
        "closes_at": opens + timedelta(days=14),
        "results": Results.AFTER,
    }


def typed(survey: Survey) -> dict[str, Any]:
    """A survey as it stands in the form."""
    return {
        "site": survey.site,
        "kind": survey.kind,
        "title": survey.title,
        "intro": survey.intro,
        "questions": rules.written(rules.of_json(survey.questions)),
        "opens_at": survey.opens_at,
        "closes_at": survey.closes_at,
        "results": survey.results,
    }
