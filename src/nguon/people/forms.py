"""Reading the pages on people. What may be done is the actions' to say; a choice shows only what the asker reaches."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nguon.kit.clock import now, today
from nguon.kit.text import clean
from nguon.people import doors, queries, scope
from nguon.people.errors import PeopleError
from nguon.people.models import Kind, Office, Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.places.queries import outline

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
username_rule = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}$",
    _("Tên đăng nhập dài từ 3 đến 60 ký tự, chỉ gồm chữ thường không dấu, số, dấu chấm và gạch ngang."),
)


class SignInForm(forms.Form):
    """Name and password. One message for all that is wrong: nobody learns which names exist."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "username" in data and "password" in data:
            try:
                data["person"] = doors.by_password(
                    request=self._request, name=data["username"], password=data["password"], now=now()
                )
            except PeopleError as error:
                raise ValidationError(str(error)) from error
        return data


class CodeForm(forms.Form):
    """Six figures of the telephone, or a code from paper."""

    code = forms.CharField(
        label=_("Mã 6 số"),
        max_length=40,
        help_text=_("Đang hiện trong ứng dụng xác thực trên điện thoại. Không có điện thoại: gõ một mã dự phòng."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


class PasswordAgainForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class TelephoneForm(forms.Form):
    """A telephone shows that it took the secret."""

    figures = forms.CharField(
        label=_("Mã 6 số đang hiện trên điện thoại"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    name = forms.CharField(
        label=_("Gọi là"), max_length=60, required=False, help_text=_("Ví dụ: Điện thoại của Lan. Có thể để trống.")
    )


class OwnPasswordForm(PasswordChangeForm):
    """A new password twice; the old one too, unless it is the initial one that was just typed to sign in."""

    error_messages = {
        "password_incorrect": _("Mật khẩu đang dùng không đúng."),
        "password_mismatch": _("Hai lần gõ mật khẩu mới không giống nhau."),
    }

    def __init__(self, user: Person, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self._request = request
        labels = {
            "old_password": _("Mật khẩu đang dùng"),
            "new_password1": _("Mật khẩu mới"),
            "new_password2": _("Gõ lại mật khẩu mới"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["new_password1"].help_text = _("Ít nhất %(count)d ký tự, không quá dễ đoán, không giống tên.") % {
            "count": settings.NGUON_PASSWORD_LENGTH
        }
        self.fields["new_password2"].help_text = ""
        if user.password_is_initial:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        """The one in use. Wrong tries cost waits here too: a computer left alone is no place for guessing."""
        given = str(self.cleaned_data["old_password"])
        try:
            doors.by_own_password(request=self._request, person=self.user, password=given, now=now())
        except doors.WrongPassword as error:
            raise ValidationError(self.error_messages["password_incorrect"]) from error
        except PeopleError as error:
            raise ValidationError(str(error)) from error
        return given


class PersonForm(forms.Form):
    """A person: who they are and where they work."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        validators=[username_rule],
        help_text=_("Chữ thường không dấu, ví dụ: lan.nguyen"),
    )
    title = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
    office = forms.ChoiceField(label=_("Cơ quan"))

    def __init__(self, asker: Person, *args: Any, known: Person | None = None, **kwargs: Any) -> None:
        if known:
            kwargs["initial"] = {name: getattr(known, name) for name in ("full_name", "title", "phone")}
            kwargs["initial"]["office"] = known.office_id
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        offices = [(str(office.pk), f"{office.name} ({office.place})") for office in queries.offices_of(asker)]
        field.choices = [("", _("Chọn cơ quan")), *offices]
        if known:
            del self.fields["username"]

    def clean_office(self) -> Office:
        return Office.objects.get(pk=self.cleaned_data["office"])

    def clean_full_name(self) -> str:
        name = clean(self.cleaned_data["full_name"])
        if not name:
            raise ValidationError(_("Hãy ghi họ và tên."))
        return name


def place_choices(asker: Person, right: Right) -> list[tuple[str, str]]:
    """The places of the asker, one below the other, indented by depth."""
    day = today()
    rows = outline(day, scope.place_ids(asker, right, day))
    top = min((row.depth for row in rows if row.own), default=0)
    dash = "– "
    return [(str(row.place.pk), dash * (row.depth - top) + str(row.place)) for row in rows if row.own]


class PlacesForm(forms.Form):
    """A form with a choice among the asker's places, given back as a place."""

    place = forms.ChoiceField(label=_("Địa bàn"))

    def __init__(self, asker: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        empty = _("Mọi địa bàn") if not field.required else _("Chọn địa bàn")
        field.choices = [("", empty), *place_choices(asker, Right.PEOPLE)]

    def clean_place(self) -> Place | None:
        chosen = self.cleaned_data["place"]
        return Place.objects.get(pk=chosen) if chosen else None


class RoleForm(PlacesForm):
    """A role to be given."""

    kind = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("Chọn vai trò")), *Kind.choices])
    last = forms.DateField(label=_("Đến hết ngày"), required=False, widget=DATE, help_text=_("Để trống nếu lâu dài."))
    field_order = ["kind", "place", "last"]

    def clean_last(self) -> Any:
        last = self.cleaned_data["last"]
        if last and last < today():
            raise ValidationError(_("Ngày này đã qua."))
        return last


class OfficeForm(PlacesForm):
    """A new office."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    field_order = ["name", "place"]

    def clean_name(self) -> str:
        name = clean(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Hãy ghi tên cơ quan."))
        return name


class FilterForm(PlacesForm):
    """What to keep of the list."""

    text = forms.CharField(label=_("Tên, chức vụ"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Vai trò"), required=False, choices=[("", _("Mọi vai trò")), *Kind.choices])
    place = forms.ChoiceField(label=_("Địa bàn"), required=False)
    field_order = ["text", "kind", "place"]
