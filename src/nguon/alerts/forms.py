"""What an officer fills in for an alert: which danger, its facts, where, how long."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.alerts.drafts import Draft
from nguon.cap import hazards
from nguon.cap.hazards import Hazard, Kind, Words
from nguon.delivery.fields import Ids
from nguon.delivery.rules import Targets

HOURS = ((1, _("1 giờ")), (3, _("3 giờ")), (6, _("6 giờ")), (12, _("12 giờ")), (24, _("1 ngày")), (72, _("3 ngày")))


PLACE = hazards.filled_by("place")  # the blank that the chosen places fill
LEVEL = hazards.filled_by("level")


class Corners(forms.CharField):
    """A polygon that was drawn: `latitude,longitude` of each corner, with blanks between."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return ()
        try:
            found = tuple((float(one), float(other)) for one, other in (each.split(",") for each in text.split()))
        except ValueError:
            found = ()
        if not 3 <= len(found) <= 200 or not all(abs(one) <= 85 and abs(other) <= 180 for one, other in found):
            raise forms.ValidationError(_("Vùng vẽ cần ít nhất 3 góc. Hãy bấm thêm góc, hoặc xóa vùng vẽ."))
        return found


class FactsForm(forms.Form):
    """The blanks of a hazard's words, and what every alert has. One field a blank, named by it."""

    source = forms.CharField(
        label=_("Theo tin của"),
        max_length=300,
        help_text=_("Cơ quan, số và giờ của bản tin làm căn cứ. Ví dụ: Đài Khí tượng thủy văn, tin số 12 lúc 14 giờ."),
    )
    level = forms.TypedChoiceField(label=_("Cấp độ rủi ro"), coerce=int, required=False, empty_value=None)
    hours = forms.TypedChoiceField(label=_("Hiệu lực"), choices=HOURS, coerce=int, initial=6)
    place = Ids(label=_("Địa bàn"), required=False)
    group = Ids(label=_("Nhóm cụm loa"), required=False)
    device = Ids(label=_("Cụm loa"), required=False)
    area = Corners(label=_("Vùng vẽ trên bản đồ"), required=False, widget=forms.HiddenInput)
    staged = forms.BooleanField(
        label=_("Phát thử trước"),
        required=False,
        help_text=_("Phát ở một cụm loa trước. Nghe đúng thì bấm một lần để phát rộng hơn."),
    )

    def __init__(
        self, hazard: Hazard, kind: Kind, *, drill: bool, known: dict[str, str], data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._hazard, self.kind, self.drill, self._known = hazard, kind, drill, known
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        order = [*hazard.levels, *(each.level for each in hazards.levels() if each.level not in hazard.levels)]
        named = {each.level: _("Cấp %(level)d, %(colour)s") % _of(each) for each in hazards.levels()}
        field.choices = [("", _("Không xếp cấp")), *((level, named[level]) for level in sorted(order))]
        field.initial = hazard.levels[0] if hazard.levels else ""
        table = hazards.known_blanks()
        for name in self.asked():
            blank = table[name]
            hint = gettext("Ví dụ: %(example)s")
            if name == PLACE:
                hint = gettext("Để trống thì đọc tên các nơi đã chọn. Ví dụ: %(example)s")
            self.fields[name] = forms.CharField(
                label=blank.label, max_length=200, help_text=hint % {"example": blank.example}, required=name != PLACE
            )

    def words(self) -> Words:
        """The prepared words, with blanks."""
        return self._hazard.say(self.kind, drill=self.drill)

    def asked(self) -> list[str]:
        """The blanks an officer fills: those the program does not know."""
        return [name for name in hazards.blanks(self.words()) if name not in self._known and name != LEVEL]

    def facts(self, where: str) -> dict[str, str]:
        """All that is known by now; `where` names the places if the officer does not."""
        data = getattr(self, "cleaned_data", {})
        level = {LEVEL: hazards.said_level(data["level"])} if data.get("level") else {}
        given = {name: data[name] for name in self.asked() if data.get(name)}
        return ({PLACE: where} if where else {}) | self._known | given | level

    def so_far(self, where: str) -> Words:
        """The words with what was filled in by now; a blank that is still open shows its label in brackets."""
        table = hazards.known_blanks()
        open_ones = {name: f"[{table[name].label.lower()}]" for name in hazards.blanks(self.words())}
        return hazards.fill(self.words(), open_ones | self.facts(where))

    def targets(self) -> Targets:
        """Where, as ticked; without what was drawn."""
        data = getattr(self, "cleaned_data", {})
        return Targets(data.get("place", ()), data.get("group", ()), data.get("device", ()))

    def corners(self) -> tuple[tuple[float, float], ...]:
        """The polygon that was drawn, if any."""
        found: tuple[tuple[float, float], ...] = getattr(self, "cleaned_data", {}).get("area") or ()
        return found

    def draft(self, targets: Targets, where: str) -> Draft:
        """All of it. Raises hazards.MissingWords."""
        facts = self.facts(where)
        words = hazards.fill(self.words(), facts)
        return Draft(
            hazard=self._hazard.code,
            kind=self.kind.value,
            headline=words.headline,
            text=" ".join(words.order),
            targets=targets,
            area=self.corners(),
            staged=self.cleaned_data["staged"],
            facts=facts,
            lasts=timedelta(hours=self.cleaned_data["hours"]),
            level=self.cleaned_data.get("level"),
            drill=self.drill,
            source=self.cleaned_data["source"],
        )


def _of(level: hazards.Level) -> dict[str, object]:
    return {"level": level.level, "colour": level.colour}


class ReasonForm(forms.Form):
    """Why it is returned."""

    reason = forms.CharField(label=_("Lý do"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
