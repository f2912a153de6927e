"""The last part of the address of a survey."""

from django.utils.text import slugify

from nguon.kit.text import fold
from nguon.portal.models import Site, Survey


def slug_for(site: Site, title: str) -> str:
    """From its title, one that no other survey of the site has."""
    base = slugify(fold(title))[:100].strip("-") or "phieu"
    taken = set(Survey.objects.filter(site=site, slug__startswith=base).values_list("slug", flat=True))
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found
