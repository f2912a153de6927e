"""Filters of the calendar."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def item(of: Mapping[str, str], key: str) -> str:
    """`{{ movable|item:slot.id }}`: what a mapping holds under a key, or nothing."""
    return of.get(key, "")


@register.filter
def minutes(hours: int) -> int:
    """`{{ 3|minutes }}`: hours as minutes of the day's picture."""
    return 60 * hours
