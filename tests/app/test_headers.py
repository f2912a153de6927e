"""What every answer carries, held against OWASP's list of secure headers; and the settings that go with it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.app.test_people import PASSWORD, District

pytestmark = pytest.mark.django_db
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
ASKED = (
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_NAME",
    "NGUON_SECOND_FACTOR",
)


@pytest.mark.parametrize("path", ["/dang-nhap", "/can-bo/", "/khong-co", "/api/1/time", "/api/1/enrol", "/healthz"])
def test_every_answer_carries_them(client: Client, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client: Client) -> None:
    District()
    client.get("/dang-nhap")
    client.post("/dang-nhap", {"username": "chief", "password": PASSWORD})
    for name in ("sessionid", "csrftoken", "nguon_known"):
        cookie = client.cookies[name]
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax"), name


def test_a_page_of_a_person_is_kept_by_no_proxy(client: Client) -> None:
    District()
    client.post("/dang-nhap", {"username": "chief", "password": PASSWORD})
    assert "private" in client.get("/can-bo/").headers["Cache-Control"]


def told(tmp_path: Path, **env: str) -> Any:
    """Settings as a server with this environment has them."""
    program = (
        f"import json\nfrom nguon.config import settings\nprint(json.dumps([getattr(settings, n) for n in {ASKED}]))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NGUON_")}
    argv = [sys.executable, "-c", program]
    done = subprocess.run(
        argv, env={**clean, "NGUON_DATA": str(tmp_path), **env}, capture_output=True, text=True, check=False
    )
    return dict(zip(ASKED, json.loads(done.stdout), strict=True)) if not done.returncode else done.stderr


def test_with_https_everything_is_for_https_only(tmp_path: Path) -> None:
    on, off = told(tmp_path, NGUON_HTTPS="1"), told(tmp_path)
    assert (on["SESSION_COOKIE_SECURE"], on["CSRF_COOKIE_SECURE"]) == (True, True)
    assert on["SECURE_HSTS_SECONDS"] >= 180 * 24 * 3600
    assert on["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert (off["SECURE_HSTS_SECONDS"], off["SESSION_COOKIE_NAME"]) == (0, "sessionid")


def test_two_steps_are_required_unless_somebody_says_otherwise_in_so_many_words(tmp_path: Path) -> None:
    assert told(tmp_path)["NGUON_SECOND_FACTOR"] == "required"
    assert told(tmp_path, NGUON_SECOND_FACTOR="offered")["NGUON_SECOND_FACTOR"] == "offered"
    assert "may be required or offered" in told(tmp_path, NGUON_SECOND_FACTOR="off")
