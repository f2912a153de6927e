"""What an officer fills in for an alert: which danger, its facts, where, how long."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.alerts.actions import Draft
from nguon.cap import hazards
from nguon.cap.hazards import Hazard, Kind, Words
from nguon.delivery.fields import Ids
from nguon.delivery.rules import Targets

HOURS = ((1, _("1 giờ")), (3, _("3 giờ")), (6, _("6 giờ")), (12, _("12 giờ")), (24, _("1 ngày")), (72, _("3 ngày")))


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

    def __init__(
        self, hazard: Hazard, kind: Kind, *, drill: bool, known: dict[str, str], data: Any = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._hazard, self._kind, self._drill, self._known = hazard, kind, drill, known
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        order = [*hazard.levels, *(each.level for each in hazards.levels() if each.level not in hazard.levels)]
        named = {each.level: _("Cấp %(level)d, %(colour)s") % _of(each) for each in hazards.levels()}
        field.choices = [("", _("Không xếp cấp")), *((level, named[level]) for level in sorted(order))]
        field.initial = hazard.levels[0] if hazard.levels else ""
        table = hazards.known_blanks()
        for name in self.asked():
            blank = table[name]
            self.fields[name] = forms.CharField(
                label=blank.label, max_length=200, help_text=f"{_('Ví dụ')}: {blank.example}"
            )

    def words(self) -> Words:
        """The prepared words, with blanks."""
        return self._hazard.say(self._kind, drill=self._drill)

    def asked(self) -> list[str]:
        """The blanks an officer fills: those the program does not know."""
        return [name for name in hazards.blanks(self.words()) if name not in self._known and name != "mức"]

    def filled(self) -> Words:
        """The words with everything in. Raises hazards.MissingWords."""
        data = self.cleaned_data
        level = data.get("level")
        facts = self._known | {name: data[name] for name in self.asked() if data.get(name)}
        if level:
            facts["mức"] = f"cấp {level}"
        return hazards.fill(self.words(), facts)

    def so_far(self) -> Words:
        """The words with what was filled in by now; a blank that is still open shows its label in brackets."""
        table, data = hazards.known_blanks(), getattr(self, "cleaned_data", {})
        open_ones = {name: f"[{table[name].label.lower()}]" for name in hazards.blanks(self.words())}
        given = {name: data[name] for name in self.asked() if data.get(name)}
        level = {"mức": f"cấp {data['level']}"} if data.get("level") else {}
        return hazards.fill(self.words(), open_ones | self._known | given | level)

    def targets(self) -> Targets:
        """Where, as ticked."""
        return Targets(places=self.cleaned_data.get("place", ()), groups=self.cleaned_data.get("group", ()))

    def draft(self) -> Draft:
        """All of it. Raises hazards.MissingWords."""
        words = self.filled()
        return Draft(
            hazard=self._hazard.code,
            kind=self._kind.value,
            headline=words.headline,
            text=" ".join(words.order),
            targets=self.targets(),
            lasts=timedelta(hours=self.cleaned_data["hours"]),
            level=self.cleaned_data.get("level"),
            drill=self._drill,
            source=self.cleaned_data["source"],
        )


def _of(level: hazards.Level) -> dict[str, object]:
    return {"level": level.level, "colour": level.colour}


class ReasonForm(forms.Form):
    """Why it is returned."""

    reason = forms.CharField(label=_("Lý do"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
