"""A film on a board that lives: ordered over a real mosquitto, fetched, shown, told; and a line that is slow."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page

from nguon.media import video
from nguon.wire.messages import Content
from tests.browser.talk import Talk
from tests.browser.test_board_alive import Office, an_order, broker, browser, office, page, say, talk, web
from tests.films import old_camera

__all__ = ["broker", "browser", "office", "page", "talk", "web"]
pytestmark = [pytest.mark.browser]
# A server that gives a file of 12 bytes one by one, or stops after some; and the patience of a board made short.
SLOW = """async ([step, stops]) => {
  const { Fetcher } = await import("/static/shell/fetcher.js");
  const { sha256 } = await import("/static/wire/bytes.js");
  const later = window.setTimeout.bind(window);
  window.setTimeout = (work, ms) => later(work, ms === 60_000 ? 2_000 : ms);
  window.fetch = async (_url, { signal }) => {
    const body = new ReadableStream({
      start(controller) {
        signal.addEventListener("abort", () => controller.error(signal.reason));
        let given = 0;
        const give = () => {
          if (given === stops) return;
          controller.enqueue(new Uint8Array([given]));
          given += 1;
          if (given === 12) controller.close();
          else later(give, step);
        };
        give();
      },
    });
    return new Response(body, { status: 200 });
  };
  const file = new Uint8Array([...Array(12).keys()]);
  let kept = null;
  const shelf = { read: async () => null, accept: async (_content, bytes) => Boolean((kept = [...bytes])) };
  const now = () => Date.now();
  const content = { url: "/film", sha256: await sha256(file), size: 12 };
  const refused = await new Promise((tell) => {
    const given = { shelf, server: location.origin, authorization: "", now };
    const fetcher = new Fetcher({ ...given, tell: (_hash, why) => tell(why) });
    fetcher.fetch(content, Date.now() + 1_500);
  });
  return { kept, refused: refused && String(refused) };
}"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("phim")
    video.transcode(
        old_camera(folder / "cu.avi", seconds=4), folder / "moi.mp4", max_minutes=3, progress=lambda done: None
    )
    return folder / "moi.mp4"


def put(office: Office, data: bytes, duration: int) -> Content:
    digest = hashlib.sha256(data).hexdigest()
    office.contents[digest] = data
    address = f"/api/1/content/{digest}"
    return Content(url=address, sha256=digest, size=len(data), duration=duration, mime="video/mp4")


def test_a_film_is_ordered_fetched_shown_and_told(page: Page, office: Office, talk: Talk, film: Path) -> None:
    order = an_order("1", put(office, film.read_bytes(), 4_000))
    say(talk, order)
    page.wait_for_function("document.querySelector('video.film')?.currentTime > 0.5")
    talk.until(lambda: talk.stages(order.id) == ["received", "started", "finished"])
    assert page.locator("#screen > *").count() == 0


def test_one_as_large_as_a_film_may_be_is_shown(page: Page, office: Office, talk: Talk, film: Path) -> None:
    filling = 56_000_000
    large = film.read_bytes() + filling.to_bytes(4, "big") + b"free" + bytes(filling - 8)
    order = an_order("5", put(office, large, 4_000))
    say(talk, order)
    page.wait_for_function("document.querySelector('video.film')?.currentTime > 0.5")
    talk.until(lambda: talk.stages(order.id) == ["received", "started", "finished"])


def test_a_film_that_cannot_be_played_is_told(page: Page, office: Office, talk: Talk, film: Path) -> None:
    order = an_order("2", put(office, film.read_bytes()[:5_000], 4_000))
    say(talk, order)
    talk.until(lambda: talk.stages(order.id)[-1:] == ["failed"])
    assert "the film cannot be played" in str(talk.receipts(order.id)[-1])


def test_a_warning_breaks_into_a_film_and_it_goes_on_afterwards(
    page: Page, office: Office, talk: Talk, film: Path
) -> None:
    order = an_order("3", put(office, film.read_bytes(), 60_000))
    say(talk, order)
    page.wait_for_function("document.querySelector('video.film')?.currentTime > 0.2")
    warning = replace(an_order("4", put(office, film.read_bytes(), 2_000)), level=90)
    say(talk, warning)
    talk.until(lambda: talk.stages(warning.id) == ["received", "started", "finished"])
    talk.until(lambda: talk.stages(order.id) == ["received", "started", "preempted", "started"])
    assert page.locator("video.film").count() == 1


@pytest.mark.parametrize(
    ("step", "stops", "kept"), [(400, 12, list(range(12))), (10, 5, None)], ids=["slow", "stands still"]
)
def test_a_slow_line_is_waited_for_and_a_dead_one_is_not(page: Page, step: int, stops: int, kept: Any) -> None:
    said = page.evaluate(SLOW, [step, stops])
    assert said["kept"] == kept
    assert (said["refused"] is None) == (kept is not None)
    assert kept or "nothing came any more" in said["refused"]
