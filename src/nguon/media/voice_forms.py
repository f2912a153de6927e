"""Reading the pages of voices. A secret is taken in here and never given out again."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.kit.clock import today
from nguon.kit.text import clean
from nguon.media import account_rules, offers, trials
from nguon.media.account_queries import held, may_use_at
from nguon.media.accounts import Terms
from nguon.media.models import VoiceAccount
from nguon.media.offers import Offered
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.queries import outline
from nguon.ports.voice import Setting, VoiceProvider

OWN = "set-"  # before the name of a setting of the provider, so that it cannot be one of ours


def place_choices(reach: Collection[UUID]) -> list[tuple[str, str]]:
    """Places, one below the other, indented by depth."""
    rows = [row for row in outline(today(), reach) if row.own]
    top = min((row.depth for row in rows), default=0)
    return [(str(row.place.pk), "– " * (row.depth - top) + _capital(str(row.place))) for row in rows]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class AccountForm(forms.Form):
    """An account: where it speaks, what the provider asks for, and what it may spend."""

    place = forms.ChoiceField(
        label=gettext_lazy("Địa bàn"),
        help_text=gettext_lazy("Giọng của tài khoản này dùng được ở đây và mọi đơn vị bên trong."),
    )
    name = forms.CharField(
        label=gettext_lazy("Tên gọi"),
        max_length=account_rules.LONGEST_NAME,
        help_text=gettext_lazy("Để phân biệt khi có nhiều tài khoản, ví dụ: FPT.AI của Đài xã."),
    )
    deadline = forms.IntegerField(
        label=gettext_lazy("Thời gian chờ (giây)"),
        min_value=account_rules.SHORTEST,
        max_value=account_rules.LONGEST,
        initial=60,
        help_text=gettext_lazy("Quá thời gian này thì dùng giọng tiếp theo. Bản tin dài được chờ lâu hơn theo độ dài."),
    )
    budget = forms.IntegerField(
        label=gettext_lazy("Hạn mức mỗi tháng (chữ cái)"),
        required=False,
        min_value=1000,
        max_value=2_000_000_000,
        help_text=gettext_lazy(
            "Dùng hết thì nghỉ đến tháng sau. Bản tin ngắn khoảng 500 chữ cái. Trống: không giới hạn."
        ),
    )
    price = forms.DecimalField(
        label=gettext_lazy("Đơn giá (đồng cho 1.000 chữ cái)"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=gettext_lazy("Theo bảng giá của nhà cung cấp, để ước tính tiền. Để trống nếu không rõ."),
    )

    def __init__(
        self, person: Person, provider: VoiceProvider, data: Any = None, *, account: VoiceAccount | None = None
    ) -> None:
        self.provider = provider
        super().__init__(data, initial=_shown(account) if account else _starting(person, provider))
        reach = scope.place_ids(person, Right.PEOPLE)
        self._field("place").choices = place_choices(reach | ({account.place_id} if account else set()))
        kept = held(account) if account else frozenset()
        for one in provider.settings:
            self.fields[OWN + one.name] = _control(one, account, one.name in kept)
        order = ["place", "name", *(OWN + one.name for one in provider.settings), "deadline", "budget", "price"]
        self.order_fields(order)

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def own_fields(self) -> list[forms.BoundField]:
        """What the provider asks of everybody."""
        return [self[OWN + one.name] for one in self.provider.settings if not _is_rare(one)]

    def more_fields(self) -> list[forms.BoundField]:
        """What hardly anybody changes."""
        return [self[OWN + one.name] for one in self.provider.settings if _is_rare(one)]

    @property
    def more_open(self) -> bool:
        """Whether the page shows those at once: one is wrong, or not as the provider has it."""
        found = {OWN + one.name: one.default for one in self.provider.settings if _is_rare(one)}
        return any(self[name].errors or (self[name].value() or "") != default for name, default in found.items())

    def terms(self) -> Terms:
        """What was read."""
        data = self.cleaned_data
        return Terms(
            place_id=UUID(data["place"]),
            name=data["name"],
            settings={one.name: data[OWN + one.name] for one in self.provider.settings},
            deadline=data["deadline"],
            budget=data["budget"],
            price=data["price"],
        )

    def refuse(self, fields: dict[str, str]) -> None:
        """Show why the action refused it, at the field where it is known."""
        for name, words in fields.items():
            at = next((known for known in (OWN + name, name) if known in self.fields), None)  # None: above the form
            self.add_error(at, words)


def _is_rare(one: Setting) -> bool:
    return one.optional and not one.secret


def _control(one: Setting, account: VoiceAccount | None, kept: bool) -> forms.CharField:
    """The field of a setting. That of a secret starts empty, always; the action says what is lacking."""
    hint = _(one.hint) if one.hint else ""
    if one.secret and kept:
        stays = _("Đã có khóa. Để trống thì giữ nguyên.")  # apart: what collects words reads no f-string
        hint = f"{stays} {hint}".strip()
    attrs = {"autocomplete": "new-password" if one.secret else "off", "spellcheck": "false"}
    plain, hidden = forms.TextInput(attrs=attrs), forms.PasswordInput(attrs=attrs, render_value=False)
    return forms.CharField(
        label=_(one.label),
        required=not one.optional and not one.default and not (one.secret and kept),
        help_text=hint,
        initial="" if one.secret else ((account.values.get(one.name) if account else "") or one.default),
        widget=hidden if one.secret else plain,
    )


def _shown(account: VoiceAccount) -> dict[str, Any]:
    price = account.price
    return {
        "place": str(account.place_id),
        "name": account.name,
        "deadline": account.deadline,
        "budget": account.budget,
        "price": price if price is None or price % 1 else int(price),
    }


def _starting(person: Person, provider: VoiceProvider) -> dict[str, Any]:
    """What stands in an empty form."""
    mine = sorted(scope.role_places(person, Right.PEOPLE, today()))
    return {"place": str(mine[0]) if mine else "", "name": provider.label, "deadline": 60}


class CompareForm(forms.Form):
    """A sentence, and the voices to hear it from."""

    place = forms.ChoiceField(label=gettext_lazy("Địa bàn"))
    text = forms.CharField(
        label=gettext_lazy("Câu nghe thử"),
        max_length=trials.LONGEST,
        widget=forms.Textarea(attrs={"maxlength": trials.LONGEST}),
        help_text=gettext_lazy("Nên chọn câu có tên thôn, ngày giờ và con số như bản tin thật."),
    )
    voices = forms.MultipleChoiceField(label=gettext_lazy("Giọng"), required=False)

    def __init__(self, person: Person, data: Any = None, *, offered: Offered, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.groups = offers.grouped(offered.voices)
        self._field("place").choices = place_choices(may_use_at(person, today()))
        self._field("voices").choices = [(one.name, one.label) for _words, found in self.groups for one in found]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def ticked(self) -> list[str]:
        """The voices that are ticked as the page stands."""
        return list(self["voices"].value() or [])

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"])


class PlaceForm(forms.Form):
    """Which place a page is for; nothing understood is the person's own."""

    place = forms.UUIDField(required=False)

    def asked(self, reach: frozenset[UUID], spare: UUID | None) -> UUID | None:
        """The place asked for, if it is in reach, else the spare one."""
        found = self.cleaned_data.get("place") if self.is_valid() else None
        return found if found in reach else spare


class ChoiceForm(forms.Form):
    """The voice a place shall begin with; empty means as above."""

    place = forms.UUIDField()
    voice = forms.CharField(max_length=80, required=False)
    back = forms.UUIDField(required=False)  # the comparison it was chosen in


class TryForm(forms.Form):
    """One voice of an account, and what it shall say."""

    voice = forms.ChoiceField(label=gettext_lazy("Giọng"))
    text = forms.CharField(
        label=gettext_lazy("Câu nghe thử"),
        max_length=trials.LONGEST,
        widget=forms.Textarea(attrs={"maxlength": trials.LONGEST}),
    )

    def __init__(self, choices: list[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["voice"]
        field.choices = choices
