"""Fields of forms for whom something goes to."""

from typing import Any
from uuid import UUID

from django import forms


class Ids(forms.Field):
    """The ids of what was ticked; what is no id is left out."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> tuple[UUID, ...]:
        found = []
        for each in value or ():
            try:
                found.append(UUID(str(each)))
            except ValueError:
                continue
        return tuple(found)
