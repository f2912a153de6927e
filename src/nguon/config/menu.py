"""What stands in the menu: names of views, and the right that shows each. Composition, so it lives in the roof."""

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """The template context every page has."""
    return {"menu": []}
