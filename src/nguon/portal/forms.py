"""What is filled in for a site, its sections, its pages and papers. The forms say what is wrong; the actions judge."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy

from nguon.newsroom.models import Category
from nguon.places.models import Place
from nguon.portal import documents, markup
from nguon.portal.actions import About
from nguon.portal.arranging import OWN, Wish
from nguon.portal.models import Colour, Paper, PaperKind, Section, SectionKind, Site
from nguon.portal.papers import Said


class PlaceField(forms.ModelChoiceField[Place]):
    """One place, told with its kind."""

    def label_from_instance(self, obj: Place) -> str:
        name = str(obj)
        return name[:1].upper() + name[1:]


class NewSiteForm(forms.Form):
    """Whose site it is and where it stands."""

    place = PlaceField(Place.objects.none(), label=gettext_lazy("Của đơn vị"), empty_label=gettext_lazy("Chọn đơn vị"))
    name = forms.CharField(
        label=gettext_lazy("Tên trang"),
        max_length=200,
        help_text=gettext_lazy("Ví dụ: Trang thông tin điện tử xã Phước Thuận."),
    )
    slug = forms.CharField(
        label=gettext_lazy("Đường dẫn"),
        max_length=60,
        help_text=gettext_lazy("Chữ thường không dấu, số, gạch nối: phuoc-thuan. Dân gõ sau địa chỉ máy chủ."),
    )

    def __init__(self, places: QuerySet[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]


class AboutForm(forms.Form):
    """Who runs the site and how it looks."""

    name = forms.CharField(label=gettext_lazy("Tên trang"), max_length=200)
    lead = forms.CharField(
        label=gettext_lazy("Dòng dưới tên"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Một câu ngắn, có thể để trống."),
    )
    colour = forms.ChoiceField(
        label=gettext_lazy("Màu của trang"),
        choices=Colour.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Màu nào cũng đủ tương phản để người mắt kém đọc được."),
    )
    owner = forms.CharField(label=gettext_lazy("Cơ quan chủ quản"), max_length=200, required=False)
    responsible = forms.CharField(
        label=gettext_lazy("Người chịu trách nhiệm"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Họ tên, chức vụ."),
    )
    licence = forms.CharField(
        label=gettext_lazy("Giấy phép, văn bản cho phép"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Số, ngày, nơi cấp; nếu có."),
    )
    address = forms.CharField(label=gettext_lazy("Địa chỉ trụ sở"), max_length=300, required=False)
    phone = forms.CharField(label=gettext_lazy("Điện thoại"), max_length=60, required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), max_length=120, required=False)
    hours = forms.CharField(
        label=gettext_lazy("Giờ làm việc"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Mỗi dòng một khoảng giờ."),
    )
    emblem = forms.FileField(
        label=gettext_lazy("Huy hiệu, ảnh đại diện"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("Ảnh vuông, JPEG, PNG hoặc WebP. Để trống thì giữ ảnh đang có."),
        error_messages={"empty": gettext_lazy("Tệp ảnh trống. Hãy chọn ảnh khác.")},
    )
    no_emblem = forms.BooleanField(label=gettext_lazy("Bỏ ảnh đang có"), required=False)

    @staticmethod
    def first(site: Site) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(site, name) for name in About.__dataclass_fields__}

    def about(self) -> About:
        """What was filled in."""
        return About(**{name: self.cleaned_data[name] for name in About.__dataclass_fields__})


class AddressForm(forms.Form):
    """Where the site stands on the web."""

    slug = forms.CharField(
        label=gettext_lazy("Đường dẫn"),
        max_length=60,
        help_text=gettext_lazy("Chữ thường không dấu, số, gạch nối. Đổi đường dẫn thì địa chỉ cũ không mở được nữa."),
    )
    host = forms.CharField(
        label=gettext_lazy("Tên miền riêng"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Để trống nếu không có. Tên miền phải trỏ về máy chủ này trước."),
    )


class SiteField(forms.ModelChoiceField[Site]):
    """One site, told with its place."""

    def label_from_instance(self, obj: Site) -> str:
        return f"{obj.name} ({obj.place})"


class CloseForm(forms.Form):
    """Which site takes the place of one that closes."""

    successor = SiteField(
        Site.objects.none(),
        label=gettext_lazy("Trang thay thế"),
        required=False,
        empty_label=gettext_lazy("Không có: báo là trang đã đóng"),
        help_text=gettext_lazy("Ai mở địa chỉ cũ được đưa tới trang này; bài nào ở đây cũng đăng thì tới đúng bài."),
        error_messages={"invalid_choice": gettext_lazy("Trang này không còn mở. Hãy chọn trang khác.")},
    )

    def __init__(self, sites: QuerySet[Site], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = sites  # type: ignore[attr-defined]


class SectionForm(forms.Form):
    """A section: what may be said of one depends on its kind."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại mục"),
        choices=[(one.value, one.label) for one in OWN],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Trang viết: một bài. Tin bài: bản tin theo lĩnh vực. Liên kết: dẫn sang trang khác."),
    )
    title = forms.CharField(label=gettext_lazy("Tên mục"), max_length=120)
    hint = forms.CharField(
        label=gettext_lazy("Nhắc người viết"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Mục này để gì; dân không thấy dòng này."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Lĩnh vực tin"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Chỉ cho mục Tin bài: tin thuộc các lĩnh vực này tự vào mục."),
    )
    target = forms.CharField(
        label=gettext_lazy("Dẫn tới địa chỉ"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Chỉ cho mục Liên kết."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Nhắc khi quá số ngày"),
        min_value=0,
        max_value=3650,
        initial=0,
        help_text=gettext_lazy("Không có gì mới sau số ngày này thì báo quá hạn. 0: không nhắc."),
    )
    shown = forms.BooleanField(label=gettext_lazy("Hiện trong danh mục của trang"), required=False, initial=True)

    def __init__(self, section: Section | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if section is None:
            return
        unfit = {"kind"}
        unfit |= {"categories"} if section.kind != SectionKind.NEWS else set()
        unfit |= {"target"} if section.kind != SectionKind.LINK else set()
        unfit |= {"days"} if section.kind in (SectionKind.LINK, SectionKind.BUILT) else set()
        unfit |= {"shown"} if section.basis else set()
        for name in unfit:
            del self.fields[name]

    @staticmethod
    def first(section: Section) -> dict[str, Any]:
        """What stands there now."""
        return {name: getattr(section, name) for name in Wish.__dataclass_fields__}

    def wish(self) -> Wish:
        """What was filled in; what the kind does not have stays as usual."""
        return Wish(
            **{name: self.cleaned_data[name] for name in Wish.__dataclass_fields__ if name in self.cleaned_data}
        )


class EditionForm(forms.Form):
    """The text of a page. `seen`: the number of the edition that was opened."""

    body = forms.CharField(
        label=gettext_lazy("Nội dung"),
        required=False,
        strip=False,
        max_length=markup.MOST,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


PAPER = ("title", "sign", "issuer", "issued_on", "kind", "valid_to", "replaces", "url")  # what is said of a paper


class PaperField(forms.ModelChoiceField[Paper]):
    """One paper, told by its number and what it is about."""

    def label_from_instance(self, obj: Paper) -> str:
        return Truncator(f"{obj.sign} {obj.title}".strip()).chars(90)


class PaperForm(forms.Form):
    """A paper: what it is, and its file or its address."""

    sign = forms.CharField(
        label=gettext_lazy("Số, ký hiệu"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Ví dụ: 15/KH-UBND. Dự thảo chưa có số thì để trống."),
    )
    title = forms.CharField(
        label=gettext_lazy("Trích yếu"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Văn bản nói về việc gì. Không đưa văn bản có độ mật."),
    )
    issuer = forms.CharField(label=gettext_lazy("Cơ quan ban hành"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Loại văn bản"), choices=PaperKind.choices, required=False)
    issued_on = forms.DateField(
        label=gettext_lazy("Ngày ban hành"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Có hiệu lực đến hết ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Để trống nếu văn bản không ghi ngày hết hiệu lực."),
    )
    replaces = PaperField(
        label=gettext_lazy("Thay cho văn bản"),
        queryset=Paper.objects.none(),
        required=False,
        empty_label=gettext_lazy("Không thay văn bản nào"),
        help_text=gettext_lazy("Văn bản cũ vẫn xem được, có ghi đã được thay."),
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp"),
        required=False,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}),
        help_text=gettext_lazy("PDF, DOCX, XLSX, PPTX, ODT, ODS hoặc ODP, nhiều nhất 30 MB."),
        error_messages={"empty": gettext_lazy("Tệp trống. Hãy chọn tệp khác.")},
    )
    url = forms.CharField(
        label=gettext_lazy("Hoặc địa chỉ nơi đã đăng"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, replaceable: QuerySet[Paper], **more: Any) -> None:
        super().__init__(*args, **more)
        _choice(self.fields["replaces"]).queryset = replaceable

    def clean_kind(self) -> str:
        """The kind; without one, of no special kind."""
        return self.cleaned_data["kind"] or PaperKind.OTHER

    def said(self, **more: Any) -> Said:
        """What was filled in; `file` and `filename` of a kept upload come beside."""
        return Said(**{name: self.cleaned_data[name] for name in PAPER}, **more)


class SitesField(forms.ModelMultipleChoiceField[Site]):
    """Some sites, told by their places."""

    def label_from_instance(self, obj: Site) -> str:
        return capfirst(str(obj.place))


class GiveForm(forms.Form):
    """On which other sites a paper stands too."""

    sites = SitesField(
        label=gettext_lazy("Các trang"),
        queryset=Site.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, takers: QuerySet[Site], **more: Any) -> None:
        super().__init__(*args, **more)
        _choice(self.fields["sites"]).queryset = takers


def _choice(field: forms.Field) -> "forms.ModelChoiceField[Any]":
    assert isinstance(field, forms.ModelChoiceField)
    return field


def own_place(places: QuerySet[Place], wanted: str) -> Place | None:
    """The place that an address asks for, if it is among those."""
    try:
        return places.filter(pk=UUID(wanted)).first()
    except ValueError:
        return None
