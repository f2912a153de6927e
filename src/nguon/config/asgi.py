"""The ASGI application of the web service."""

import os

from django.core.asgi import get_asgi_application

from nguon.config.limits import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
pages = BodyLimit(get_asgi_application())

from django.conf import settings  # noqa: E402 - it was not named before

from nguon.config.shared_cache import SharedCache  # noqa: E402
from nguon.config.tunnel import Tunnel  # noqa: E402
from nguon.live.socket import Sockets  # noqa: E402 - its models need Django set up

application = Tunnel(Sockets(SharedCache(pages)), settings.NGUON_BROKER_URL)
