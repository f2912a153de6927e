"""Asking for the pages of a site as a reader would, in this very process: no network, no web service."""

import io
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

from nguon.portal.middleware import PATH
from nguon.portal.models import Site


class Asker:
    """A reader of a site. `base`: the address of this server as everybody reaches it; may be empty."""

    def __init__(self, site: Site, base: str) -> None:
        public = urlsplit(base)
        self.prefix = "/" if site.host else f"{PATH}{site.slug}/"
        self.host = site.host or public.netloc or "localhost"
        self.scheme = public.scheme or "http"
        self.handler = WSGIHandler()

    @property
    def origin(self) -> str:
        """Scheme and host of the site."""
        return f"{self.scheme}://{self.host}"

    def ask(self, address: str) -> HttpResponseBase:
        """What is answered at a path of its host, with its query."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.host.partition(":")[0],
            "SERVER_PORT": "443" if self.scheme == "https" else "80",
            "HTTP_HOST": self.host,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": self.scheme,
            "HTTP_X_FORWARDED_PROTO": self.scheme,
        }
        try:
            return self.handler.get_response(WSGIRequest(environ))
        finally:
            set_urlconf(None)  # it was asked for in this very thread: that goes on with the addresses of the office
