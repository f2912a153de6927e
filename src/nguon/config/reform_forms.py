"""Reading a reorganisation drawn up on the page: new units, and where each old unit and each part of it goes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.config.reform import Paper
from nguon.kit.clock import today
from nguon.places import queries
from nguon.places.models import Place
from nguon.places.plan import Opening, Plan, Source

MOST = 12


class StartForm(forms.Form):
    """What is to be rearranged: the units directly inside one place, into how many new ones."""

    parent = forms.ChoiceField(label=gettext_lazy("Sắp xếp các đơn vị nằm trong"))
    count = forms.IntegerField(label=gettext_lazy("Thành mấy đơn vị mới"), min_value=1, max_value=MOST, initial=1)

    def __init__(self, reach: frozenset[UUID], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        rows = [row for row in queries.outline(today(), reach) if row.own and row.branches]
        field.choices = [
            ("", _("Chọn địa bàn")),
            *((str(row.place.pk), "– " * row.depth + str(row.place)) for row in rows),
        ]


class DraftForm(forms.Form):
    """The plan itself. Fields: decision, day; name_1, kind_1, code_1 …; to_<old> and go_<part>, ids in hex."""

    decision = forms.CharField(label=gettext_lazy("Căn cứ (số, ngày của nghị quyết, quyết định)"), max_length=200)
    day = forms.DateField(
        label=gettext_lazy("Có hiệu lực từ ngày"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, parent: Place, count: int, data: Any = None) -> None:
        super().__init__(data)
        self.parent, self.count = parent, count
        day = today()
        self.old: list[tuple[Place, list[Place]]] = [
            (place, queries.children(place.pk, day)) for place in queries.children(parent.pk, day)
        ]
        for number in range(1, count + 1):
            self.fields[f"name_{number}"] = forms.CharField(label=_("Tên"), max_length=120)
            self.fields[f"kind_{number}"] = forms.CharField(label=_("Loại"), max_length=40)
            self.fields[f"code_{number}"] = forms.CharField(
                label=_("Mã Tổng cục Thống kê"), max_length=20, required=False
            )
        units = [(str(number), _("Đơn vị mới %(number)s") % {"number": number}) for number in range(1, count + 1)]
        for place, inside in self.old:
            self._choice(f"to_{place.pk.hex}", place, [("", _("Giữ nguyên")), *units])
            for part in inside:
                self._choice(f"go_{part.pk.hex}", part, [("", _("Theo cả đơn vị")), *units])

    def _choice(self, name: str, place: Place, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(label=str(place), choices=choices, required=False)

    def units(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each new unit, for the page."""
        return [(n, [self[f"{part}_{n}"] for part in ("kind", "name", "code")]) for n in range(1, self.count + 1)]

    def rows(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        """The field of each old unit, and those of its parts, for the page."""
        return [
            (self[f"to_{place.pk.hex}"], [self[f"go_{part.pk.hex}"] for part in inside]) for place, inside in self.old
        ]

    def paper(self) -> Paper:
        """The plan, once the form is valid."""
        kept = self.cleaned_data
        sources: dict[str, list[Source]] = {str(number): [] for number in range(1, self.count + 1)}
        moves: dict[UUID, str] = {}
        for place, inside in self.old:
            whole = kept[f"to_{place.pk.hex}"]
            if not whole:
                continue
            goes = {part.pk: kept[f"go_{part.pk.hex}"] or whole for part in inside}
            for key in sorted({whole, *goes.values()}):
                sources[key].append(Source(place.pk))
            moves |= goes
        openings = tuple(self._opening(kept, key, found) for key, found in sources.items())
        return Paper(kept["decision"], kept["day"], Plan(openings, moves=moves))

    def _opening(self, kept: Mapping[str, Any], key: str, sources: list[Source]) -> Opening:
        code = kept[f"code_{key}"]
        codes = (("gso", code),) if code else ()
        return Opening(key, kept[f"name_{key}"], kept[f"kind_{key}"], self.parent.pk, tuple(sources), codes)
