"""What is filled in for a source, a file that is brought, and an alert made of a message."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nguon.alerts.drafts import LONGEST, Draft
from nguon.alerts.forms import HOURS
from nguon.cap import hazards, xml
from nguon.cap.codes import Status
from nguon.cap.hazards import Words
from nguon.cap.model import Alert as Message
from nguon.cap.model import Info
from nguon.delivery.fields import Ids
from nguon.delivery.rules import Targets
from nguon.kit.clock import LOCAL
from nguon.links import rules
from nguon.links.actions import EVERY, Terms, lasting
from nguon.links.models import Source
from nguon.links.queries import Where
from nguon.media.voice_forms import place_choices
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

FRAME = 400  # characters that a drill adds: the headline, and twice that it is one


class SourceForm(forms.Form):
    """Whom we listen to."""

    place = forms.ChoiceField(
        label=gettext_lazy("Tin dành cho"),
        help_text=gettext_lazy("Cán bộ ở địa bàn này và mọi đơn vị bên trong thấy tin của nguồn."),
    )
    name = forms.CharField(
        label=gettext_lazy("Tên nguồn"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Đài Khí tượng thủy văn tỉnh."),
    )
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ danh sách tin"),
        max_length=1000,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Nguồn cho địa chỉ Atom hoặc RSS. Để trống nếu chỉ nhận tệp do cán bộ đưa vào."),
    )
    every = forms.IntegerField(
        label=gettext_lazy("Xem lại sau (phút)"), min_value=EVERY[0], max_value=EVERY[1], initial=2
    )
    certificates = forms.CharField(
        label=gettext_lazy("Chứng thư của nơi ký"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "placeholder": "-----BEGIN CERTIFICATE-----"}),
        help_text=gettext_lazy("Xin tận tay hoặc qua kênh chắc chắn, dạng PEM. Nhiều chứng thư thì dán nối nhau."),
    )
    certificate_file = forms.FileField(
        label=gettext_lazy("Hoặc chọn tệp chứng thư"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pem,.crt,.cer"}),
    )
    unsigned = forms.BooleanField(
        label=gettext_lazy("Nguồn này không ký tin"),
        required=False,
        help_text=gettext_lazy("Tin không ký vẫn được nhận nhưng luôn bị đánh dấu. Chỉ dùng khi nguồn không thể ký."),
    )

    def __init__(
        self,
        person: Person,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        source: Source | None = None,
    ) -> None:
        kept = ("name", "address", "every", "certificates", "unsigned")
        first = {name: getattr(source, name) for name in kept} | {"place": str(source.place_id)} if source else None
        super().__init__(data, files, initial=first)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = place_choices(scope.place_ids(person, Right.PEOPLE))

    def clean_certificate_file(self) -> str:
        given = self.cleaned_data.get("certificate_file")
        if given is None:
            return ""
        try:
            return str(given.read(60_000).decode())
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                _("Tệp không phải dạng PEM (bắt đầu bằng BEGIN CERTIFICATE). Hãy xin nơi ký bản PEM.")
            ) from error

    def terms(self) -> Terms:
        """What was filled in."""
        data = self.cleaned_data
        pem = "\n".join(part.strip() for part in (data["certificates"], data["certificate_file"]) if part.strip())
        return Terms(
            place=UUID(data["place"]),
            name=data["name"],
            address=data["address"],
            certificates=pem,
            unsigned=data["unsigned"],
            every=data["every"],
        )


class BringForm(forms.Form):
    """A file that came by mail or on a stick."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("Tin của nguồn"), queryset=Source.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp CAP"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.cap,application/cap+xml"}),
        help_text=gettext_lazy("Tệp gốc, chưa mở ra lưu lại: chữ ký chỉ đúng với tệp nguyên vẹn."),
    )

    def __init__(
        self, sources: QuerySet[Source], data: QueryDict | None = None, files: MultiValueDict[str, Any] | None = None
    ) -> None:
        super().__init__(data, files)
        field = self.fields["source"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sources

    def bytes(self) -> bytes:
        """The file, or a little more than may be taken."""
        return bytes(self.cleaned_data["file"].read(xml.LIMIT + 1))


class TakeForm(forms.Form):
    """An alert made of a message: everything is filled in already, and may be changed."""

    hazard = forms.ChoiceField(label=gettext_lazy("Loại nguy hiểm"))
    level = forms.TypedChoiceField(label=gettext_lazy("Cấp độ rủi ro"), coerce=int, required=False, empty_value=None)
    headline = forms.CharField(label=gettext_lazy("Tiêu đề"), max_length=300)
    text = forms.CharField(
        label=gettext_lazy("Nội dung đọc lên loa"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )
    lasts = forms.TypedChoiceField(label=gettext_lazy("Hiệu lực"), coerce=int, required=False, empty_value=None)
    place = Ids(label=gettext_lazy("Địa bàn"), required=False)
    near = forms.BooleanField(required=False)

    def __init__(
        self, message: Message, info: Info, found: Where, now: datetime, data: QueryDict | None = None
    ) -> None:
        self.message, self.info, self.found, self.now = message, info, found, now
        self.drill = message.status == Status.EXERCISE
        end = rules.signed(message, info)
        longest = (LONGEST - FRAME if self.drill else LONGEST) - len(end) - 1
        text, self.cut = rules.text_of(info, longest) if rules.vietnamese(info) else ("", False)
        first = {
            "hazard": rules.hazard_of(info),
            "level": rules.level_of(info) or "",
            "headline": (info.headline or info.event)[:300] if rules.vietnamese(info) else "",
            "text": f"{text} {end}".strip() if text else "",
            "lasts": "" if lasting(message, now) else 6,
            "place": [place.pk for place in found.places],
            "near": bool(found.devices),
        }
        super().__init__(data, initial=first)
        self.fields["near"].label = ngettext(
            "Thêm %(count)d cụm loa nằm trong vùng của tin",
            "Thêm %(count)d cụm loa nằm trong vùng của tin",
            len(found.devices),
        ) % {"count": len(found.devices)}
        for name, choices in (("hazard", self._hazards()), ("level", self._levels()), ("lasts", self._lasts())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def _hazards(self) -> list[tuple[str, str]]:
        return [(one.code, one.name) for one in hazards.all()]

    def _levels(self) -> list[tuple[Any, str]]:
        named = [
            (one.level, _("Cấp %(level)d, %(colour)s") % {"level": one.level, "colour": one.colour})
            for one in hazards.levels()
        ]
        return [("", _("Không xếp cấp")), *named]

    def _lasts(self) -> list[tuple[Any, Any]]:
        end = self.message.expires
        if end is None:
            return list(HOURS)
        until = end.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
        return [("", _("Như tin gốc, đến %(when)s") % {"when": until}), *HOURS]

    def chosen(self) -> set[Any]:
        """The places that are ticked."""
        return set(self.cleaned_data.get("place", ())) if self.is_bound else set(self.initial["place"])

    def targets(self) -> Targets:
        """Where, as ticked."""
        devices = tuple(one.pk for one in self.found.devices) if self.cleaned_data["near"] else ()
        return Targets(places=self.cleaned_data["place"], devices=devices)

    def draft(self, *, source: str, facts: Mapping[str, str]) -> Draft:
        """The alert. `source`: whose word it rests on. `facts`: what its correction will need, should it be wrong.

        Of a drill the words say so at both ends, as ours do, whatever the message says.
        """
        data = self.cleaned_data
        words = Words(data["headline"], (data["text"],))
        said = hazards.practise(words) if self.drill else words
        hours = timedelta(hours=data["lasts"]) if data["lasts"] else None
        polygons = [polygon for area in self.info.areas for polygon in area.polygons]
        return Draft(
            hazard=data["hazard"],
            kind=rules.kind_of(self.message, self.info).value,
            headline=said.headline,
            text=" ".join(said.order),
            targets=self.targets(),
            lasts=hours or lasting(self.message, self.now) or timedelta(hours=6),
            level=data["level"],
            drill=self.drill,
            source=source,
            facts=facts,
            area=polygons[0] if len(polygons) == 1 else (),
        )
