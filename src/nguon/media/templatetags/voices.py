"""How the pages of voices say numbers."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def grouped(number: int | Decimal | None) -> str:
    """`{{ 171500|grouped }}`: 171.500; decimals only where there are any. Empty for None."""
    if number is None:
        return ""
    whole = number == int(number)
    plain = number_format(int(number) if whole else number, decimal_pos=0 if whole else 2, use_l10n=True)
    sign = number_format(Decimal("0.5"), decimal_pos=1, use_l10n=True)[1]
    left, point, right = plain.partition(sign)
    return f"{int(left):,}".replace(",", "." if sign == "," else ",") + point + right
