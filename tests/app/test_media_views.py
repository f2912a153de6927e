"""Hearing a file over HTTP, and watching a rendition."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.media import actions
from nguon.media.models import Rendition, State
from nguon.people.models import Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DATA = bytes(range(256)) * 20
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.app.media_urls")]


def own(person: Any, mark: str) -> bool:
    """A guard for these tests: only the officer named so may hear."""
    return str(person.username) == "officer"


def nobody(person: Any, mark: str) -> bool:
    return False


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.NGUON_AUDIO_GUARDS = ["tests.app.test_media_views.nobody", "tests.app.test_media_views.own"]


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.create_user(name, full_name=name))
    return client


@pytest.fixture
def officer() -> Client:
    return signed_in("officer")


@pytest.fixture
def url() -> str:
    file = actions.store_bytes(data=DATA, mime="audio/mpeg", now=NOW)
    return reverse("media:audio", args=[file.sha256])


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)


def rendition(**changes: Any) -> Rendition:
    made = actions.request_speech(text="Kính mời bà con.", voice="espeak/vi", rate=200, now=NOW)
    Rendition.objects.filter(pk=made.pk).update(**changes)
    return made


def test_the_whole_file_and_any_part_of_it(officer: Client, url: str) -> None:
    whole = officer.get(url)
    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "audio/mpeg", "bytes")
    assert body(whole) == DATA
    part = officer.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{len(DATA)}")
    assert body(part) == DATA[100:200]


def test_a_file_is_for_whom_a_guard_lets_in_and_for_nobody_else(url: str) -> None:
    assert signed_in("stranger").get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_without_guards_nobody_hears(officer: Client, url: str, settings: Settings) -> None:
    settings.NGUON_AUDIO_GUARDS = []
    assert officer.get(url).status_code == 404


def test_an_unknown_file_is_not_found(officer: Client) -> None:
    assert officer.get(reverse("media:audio", args=["0" * 64])).status_code == 404


def test_files_are_only_read(officer: Client, url: str) -> None:
    assert officer.post(url).status_code == 405


def test_progress_asks_again_until_it_is_done(officer: Client) -> None:
    made = rendition(state=State.WORKING, progress=0.25)
    page = officer.get(reverse("media:progress", args=[made.pk])).content.decode()
    assert 'hx-trigger="every 500ms"' in page
    assert 'value="0.25"' in page
    assert "Đang tạo âm thanh" in page


def test_what_is_ready_can_be_heard_and_is_not_asked_for_again(officer: Client, url: str) -> None:
    made = rendition(state=State.READY, file_id=url.rsplit("/", 1)[1])
    page = officer.get(reverse("media:progress", args=[made.pk])).content.decode()
    assert "hx-trigger" not in page
    assert f'src="{url}"' in page
    assert "<audio controls" in page


def test_what_failed_says_why_and_offers_to_try_again(officer: Client) -> None:
    made = rendition(state=State.FAILED, error="Tệp <b>hỏng</b>")
    address = reverse("media:progress", args=[made.pk])
    page = officer.get(address).content.decode()
    assert "Tệp &lt;b&gt;hỏng&lt;/b&gt;" in page
    assert "Thử lại" in page
    assert "note-bad" in page
    again = officer.post(address).content.decode()
    assert "Đang chờ" in again
    assert Rendition.objects.get(pk=made.pk).state == State.QUEUED


def test_progress_as_json(officer: Client, url: str) -> None:
    made = rendition(state=State.WORKING, progress=0.5)
    address = reverse("media:progress", args=[made.pk])
    got = officer.get(address, headers={"Accept": "application/json"}).json()
    assert got == {"state": "working", "progress": 0.5, "error": "", "url": "", "duration_ms": None}
    Rendition.objects.filter(pk=made.pk).update(state=State.READY, progress=1, file_id=url.rsplit("/", 1)[1])
    assert officer.get(address, headers={"Accept": "application/json"}).json()["url"] == url


def test_a_stranger_sees_no_progress_and_cannot_try_again() -> None:
    made = rendition(state=State.FAILED, error="Bí mật")
    address = reverse("media:progress", args=[made.pk])
    stranger = signed_in("stranger")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404
    assert Rendition.objects.get(pk=made.pk).state == State.FAILED
    assert Client().get(address).status_code == 302
