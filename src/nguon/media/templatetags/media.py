"""Tags of sound: what was found in it, the music around it."""

from typing import Any

from django import template

from nguon.media import checks, music_queries
from nguon.media.models import Rendition
from nguon.media.rules import Mix

register = template.Library()


@register.inclusion_tag("media/_findings.html")
def findings(rendition: Rendition | None) -> dict[str, Any]:
    """`{% findings rendition %}`: what was found in its sound, where, and what to do; nothing if all is well."""
    found = [] if rendition is None else checks.of_json(rendition.findings)
    warnings = [checks.told(one) for one in found if checks.is_warning(one)]
    return {"warnings": warnings, "facts": [checks.told(one) for one in found if not checks.is_warning(one)]}


@register.simple_tag
def music_of(mix: dict[str, str]) -> list[tuple[str, str]]:
    """`{% music_of version.mix as music %}`: (use, name) of the music around a bulletin, in the order it is heard."""
    return music_queries.named(Mix.of(mix))
