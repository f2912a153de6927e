"""All addresses of the server. Composition only."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from nguon.config import channels
from nguon.config.home import home
from nguon.config.status import health, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="health"),
    path("ngon-ngu", login_not_required(set_language), name="language"),
    path("trang-thai", page, name="status"),
    path("", include("nguon.people.urls")),
    path("", include("nguon.journal.urls")),
    path("dia-ban/", include("nguon.config.places_urls")),
    path("", home, name="home"),
    path("ban-tin/", include("nguon.newsroom.urls")),
    path("ban-tin/", include("nguon.programme.urls")),
    path("", include("nguon.programme.schedule_urls")),
    path("kho-tu-lieu/", include("nguon.archive.urls")),
    path("khoa-ky/", include("nguon.keys.urls")),
    path("canh-bao/", include("nguon.alerts.urls")),
    path("", include("nguon.alerts.duty_urls")),
    path("", include("nguon.links.urls")),
    path("phat-truc-tiep/", include("nguon.live.urls")),
    path("duyet/", include("nguon.review.urls")),
    path("", include("nguon.media.urls")),
    path("cach-doc/", include("nguon.media.readings.urls")),
    path("", include("nguon.delivery.urls")),
    path("api/1/", include("nguon.api.urls")),
    path("giam-sat/", include("nguon.monitor.urls")),
    path("thiet-bi/", include("nguon.devices.urls")),
    path("trang-xa/", include("nguon.portal.urls")),
    path("tin-tren-trang/", include("nguon.portal.posting_urls")),
    path("xu-ly-phan-anh/", include("nguon.feedback.urls")),
    path("phan-anh/", include("nguon.feedback.public_urls")),
    path("canh-bao-hien-co/", include("nguon.alerts.public_urls")),
    *(path(prefix, include(urls)) for prefix, urls in channels.pages(settings.NGUON_CHANNELS)),
]
if settings.DEBUG:
    urlpatterns.append(path("ui-kit/", include("nguon.ui.urls")))  # the living style page
