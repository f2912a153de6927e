"""A film on a board, in a real Chromium: its pictures move, begin where the order is, and what is broken is told."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from nguon.media import video
from tests.browser import board_show as shown
from tests.browser.board import b64
from tests.browser.screen import chromium
from tests.films import a_film, old_camera

pytestmark = [pytest.mark.browser]
BEGIN = """([data, order, offset]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const { duration = 60_000, ...more } = order;
  const content = { duration, mime: "video/mp4" };
  const effect = { offset, order: { level: 40, title: "Đội mũ", ...more, content } };
  return board.start(effect, bytes, (event) => told.push(event));
}"""
# The film as it is painted at this moment, as an address of a small picture, and where it is (s).
SEEN = """() => {
  const video = document.querySelector("video.film");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 36];
  canvas.getContext("2d").drawImage(video, 0, 0, 64, 36);
  return { picture: canvas.toDataURL(), at: video.currentTime };
}"""
NEXT = "() => new Promise((resolve) => document.querySelector('video.film').requestVideoFrameCallback(() => resolve()))"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the server makes of a film that no browser plays."""
    folder = tmp_path_factory.mktemp("phim")
    video.transcode(
        old_camera(folder / "cu.avi", seconds=8), folder / "moi.mp4", max_minutes=3, progress=lambda done: None
    )
    return (folder / "moi.mp4").read_bytes()


@pytest.fixture(scope="module")
def wall() -> Iterator[Page]:
    with chromium() as browser, shown.walls(browser) as found:
        found.evaluate("""() => {
          window.ended = [];
          const revoke = URL.revokeObjectURL;
          URL.revokeObjectURL = (url) => { ended.push(url); revoke.call(URL, url); };
        }""")
        yield found


@pytest.fixture
def page(wall: Page) -> Iterator[Page]:
    shown.sized(wall, (1280, 720))
    yield wall
    wall.evaluate("board.stop(); told.length = 0; ended.length = 0")


def begin(page: Page, data: bytes, offset: int = 0, **order: Any) -> list[str]:
    page.evaluate(BEGIN, [b64(data), order, offset])
    return told(page)


def told(page: Page) -> list[str]:
    found: list[str] = page.evaluate("told.map((event) => event.type)")
    return found


def test_its_pictures_move_without_sound_in_their_own_shape(page: Page, film: bytes) -> None:
    assert begin(page, film) == ["player-started"]
    first = page.evaluate(SEEN)
    page.evaluate(NEXT)
    page.wait_for_function(f"document.querySelector('video.film').currentTime > {first['at']} + 0.4")
    second = page.evaluate(SEEN)
    assert base64.b64decode(first["picture"].partition(",")[2]) != base64.b64decode(second["picture"].partition(",")[2])
    said = page.evaluate(
        "(({ muted, loop, controls, clientWidth, clientHeight, paused }) =>"
        " ({ muted, loop, controls, clientWidth, clientHeight, paused }))(document.querySelector('video.film'))"
    )
    assert said == {
        "muted": True,
        "loop": False,
        "controls": False,
        "clientWidth": 1280,
        "clientHeight": 720,
        "paused": False,
    }
    assert page.evaluate("getComputedStyle(document.querySelector('video.film')).objectFit") == "contain"
    assert page.locator("[aria-label='Đội mũ']").count() == 1


def test_it_begins_where_the_order_is(page: Page, film: bytes) -> None:
    assert begin(page, film, 5_000) == ["player-started"]
    assert 4.9 <= page.evaluate(SEEN)["at"] <= 8


def test_it_goes_on_when_the_screen_is_turned(page: Page, film: bytes) -> None:
    begin(page, film)
    page.evaluate("document.querySelector('video.film').dataset.same = 'yes'")
    shown.sized(page, (720, 1280))
    page.wait_for_function("document.querySelector('video.film').clientHeight === 1280")
    assert page.evaluate("document.querySelector('video.film').dataset.same") == "yes"
    assert page.evaluate("document.querySelector('video.film').paused") is False


def test_it_ends_with_the_time_of_its_order_and_its_bytes_are_let_go(page: Page, film: bytes) -> None:
    assert begin(page, film, 6_000, duration=7_000) == ["player-started"]
    page.wait_for_function("told.length === 2")
    assert told(page) == ["player-started", "player-finished"]
    assert page.locator("video").count() == 0
    assert page.evaluate("ended.length") == 1


def test_a_drill_has_its_bands(page: Page, film: bytes) -> None:
    begin(page, film, drill=True)
    assert page.locator(".band").count() == 2
    assert "DIỄN TẬP" in (page.locator(".band").first.text_content() or "").upper()
    assert page.evaluate("faults()") == []
    assert page.evaluate("document.querySelector('video.film').clientHeight") > 400


def test_a_broken_film_is_told_and_the_screen_is_dark(page: Page, film: bytes, tmp_path: Path) -> None:
    unplayable = a_film(tmp_path / "x.mp4", "-c:v", "mpeg4").read_bytes()
    for data in (b"no film at all", film[:3_000], unplayable):
        assert begin(page, data) == ["player-failed"]
        assert "the film cannot be played" in page.evaluate("told[0].detail")
        assert page.locator("video").count() == 0
        page.evaluate("told.length = 0")
    assert begin(page, film) == ["player-started"]


def test_one_that_gives_no_picture_in_time_is_told(page: Page, film: bytes) -> None:
    page.evaluate("""() => {
      window.playing = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = () => new Promise(() => {});
    }""")
    try:
        page.evaluate("""() => {
          window.frames_ = HTMLVideoElement.prototype.requestVideoFrameCallback;
          HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0;
        }""")
        assert begin(page, film) == ["player-failed"]
        assert "no picture of the film within 5000 ms" in page.evaluate("told[0].detail")
    finally:
        page.evaluate("""() => {
          HTMLMediaElement.prototype.play = playing;
          HTMLVideoElement.prototype.requestVideoFrameCallback = frames_;
        }""")


def test_what_takes_its_place_is_not_told_as_broken(page: Page, film: bytes) -> None:
    both = f"([one, two]) => {{ const first = ({BEGIN})(one); return Promise.all([first, ({BEGIN})(two)]); }}"
    page.evaluate(both, [[b64(film), {}, 0], [b64(film), {}, 1_000]])
    assert told(page) == ["player-started"]
    assert page.locator("video").count() == 1
