"""Receipts of articles: why a page was not right is kept as a code, and said in the language of whoever reads it."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from nguon.channels.site import service
from nguon.portal import posting
from nguon.portal.models import Site
from nguon.portal.rules import NO_ANSWER, OTHER
from nguon.portal.words import failed
from tests.app.desk import Desk, make_desk
from tests.app.postings import as_, site, up
from tests.services import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def here(desk: Desk) -> Site:
    return site(desk.here, "phuoc-thuan", desk.now)


class Page(BaseHTTPRequestHandler):
    """A site that is gone at one address, and shows something at all others."""

    def do_GET(self) -> None:
        self.send_response(410 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(b"an article: abcd")

    def log_message(self, *_: Any) -> None:
        pass


def test_what_was_found_is_a_code() -> None:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{server.server_port}"
        found = [service.look(f"{at}/there", "abcd"), service.look(f"{at}/there", "ef"), service.look(f"{at}/gone", "")]
        server.shutdown()
    assert found == ["", OTHER, "status-410"]
    assert service.look(f"http://127.0.0.1:{free_port()}/", "abcd") == NO_ANSWER


@pytest.mark.parametrize("code", [NO_ANSWER, "status-503", OTHER])
def test_it_is_said_in_the_language_of_the_reader(desk: Desk, here: Site, code: str) -> None:
    made = up(desk, here)
    posting.looked_at(posting=made, page=made.page_id or "", why=code, now=desk.now)
    client = as_(desk.editor)
    said = {}
    for language in ("en", "vi"):  # the last one stays with the thread
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get(reverse("portal:posted")).text
        with translation.override(language):
            said[language] = failed(code)
        assert said[language] in page
        assert f" {code}</span>" not in page
    assert said["vi"] != said["en"]
