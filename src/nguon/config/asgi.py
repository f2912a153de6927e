"""The ASGI application of the web service."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
application = get_asgi_application()
