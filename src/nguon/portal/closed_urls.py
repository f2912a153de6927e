"""All addresses below a site that is closed (`portal.middleware`): one view answers, whatever is asked for.

The public ones stand behind it, so that a warning above the page can say where it is.
"""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from nguon.portal import leading_views

urlpatterns: list[URLPattern | URLResolver] = [
    re_path("", leading_views.closed),
    path("", include(settings.NGUON_PUBLIC_URLCONF)),
]
handler404 = "nguon.ui.public.missing"
handler500 = "nguon.ui.public.broken"
