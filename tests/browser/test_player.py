"""The player in a real browser: its waveform, seeking, the keyboard, many on one page; a file before it is sent."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.sounds import LAPTOP, PHONE, chromium, page_of, silence, speech

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.test_ui_kit"),
    pytest.mark.django_db(transaction=True),
]
SEEK = ".player-seek"


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def page(request: pytest.FixtureRequest, live_server: LiveServer) -> Iterator[Page]:
    complaints: list[str] = []
    with chromium() as browser:
        page = page_of(browser, complaints, request.param)
        page.goto(f"{live_server.url}/ui-kit/", wait_until="networkidle")
        page.locator("[data-player]").first.scroll_into_view_if_needed()
        yield page
    assert complaints == []


on_laptop = pytest.mark.parametrize("page", [LAPTOP], indirect=True, ids=["laptop"])


def at(page: Page) -> float:
    """Seconds from the beginning."""
    return float(page.evaluate("document.querySelector('[data-player] audio').currentTime"))


def inked(page: Page, selector: str = ".player canvas") -> int:
    """How many colours a waveform is drawn with, the paper aside."""
    return int(
        page.eval_on_selector(
            selector,
            """canvas => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              const seen = new Set();
              for (let n = 0; n < data.length; n += 4) if (data[n + 3] === 255) seen.add(data.slice(n, n + 3).join());
              return seen.size;
            }""",
        )
    )


def test_a_waveform_is_drawn_and_a_click_goes_there(page: Page) -> None:
    player = page.locator("[data-player]").first
    expect(player).to_have_attribute("data-waved", "")
    assert inked(page) == 1
    box = player.locator(SEEK).bounding_box()
    assert box is not None
    player.locator(SEEK).click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert at(page) == pytest.approx(1.5, abs=0.1)
    expect(player.locator("[data-at]")).to_have_text("0:02")
    assert inked(page) == 2  # what was passed has another colour


def test_dragging_and_playing_on_from_there(page: Page) -> None:
    seek = page.locator(SEEK).first
    box = seek.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    page.mouse.up()
    assert at(page) == pytest.approx(2.1, abs=0.15)
    page.get_by_role("button", name="Nghe", exact=True).click()
    expect(page.locator("[data-player]").first).to_have_attribute("data-heard", "1")


@on_laptop
def test_the_keyboard_alone(page: Page) -> None:
    page.evaluate("document.querySelector('[data-player] audio').pause()")
    seek = page.locator(SEEK).first
    seek.focus()
    page.keyboard.press("ArrowRight")
    assert at(page) == pytest.approx(3.0, abs=0.01)  # five seconds, but no further than the end
    page.keyboard.press("Home")
    assert at(page) == 0
    page.keyboard.press("End")
    assert at(page) == pytest.approx(3.0, abs=0.01)
    expect(seek).to_have_attribute("aria-valuetext", "0:03 trên 0:03")
    page.keyboard.press("ArrowLeft")
    assert at(page) == 0
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Tạm dừng")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Nghe", exact=True)).to_be_visible()


@on_laptop
def test_many_players_ask_only_for_what_is_seen_and_nothing_jumps(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("response", lambda answer: _note(asked, answer))
    took = page.evaluate(
        """async () => {
          const one = document.querySelector("[data-player]");
          const form = document.createElement("div");
          for (let n = 0; n < 50; n += 1) {
            const copy = document.getElementById("player-frame").content.cloneNode(true).firstElementChild;
            copy.dataset.peaks = one.dataset.peaks + "?" + n;
            copy.dataset.ms = "3000";
            copy.querySelector("audio").preload = "none"; // as of a player whose length is known
            copy.querySelector("audio").src = one.querySelector("audio").src;
            form.append(copy);
          }
          document.querySelector(".page").append(form);
          const before = performance.now();
          document.dispatchEvent(new CustomEvent("htmx:load"));
          return performance.now() - before;
        }"""
    )
    assert took < 500  # ms, on a machine shared with others; alone it takes about 20
    page.wait_for_timeout(300)
    assert asked == []
    tall = page.evaluate("document.body.scrollHeight")
    page.locator("[data-player]").nth(25).scroll_into_view_if_needed()
    expect(page.locator("[data-player]").nth(25)).to_have_attribute("data-waved", "")
    assert 0 < len(asked) < 30
    assert [url for url in asked if "song?" not in url] == []  # no sound before it is played
    assert page.evaluate("document.body.scrollHeight") == tall


def _note(asked: list[str], answer: Response) -> None:
    if "am-thanh" in answer.url and not answer.url.endswith("song"):
        asked.append(answer.url)


@on_laptop
def test_a_sound_without_a_waveform_plays_all_the_same(page: Page) -> None:
    page.evaluate(
        """() => {
          const one = document.querySelector("[data-player]");
          const copy = document.getElementById("player-frame").content.cloneNode(true).firstElementChild;
          copy.querySelector("audio").src = one.querySelector("audio").src;
          copy.id = "plain";
          one.before(copy);
          document.dispatchEvent(new CustomEvent("htmx:load"));
        }"""
    )
    plain = page.locator("#plain")
    plain.get_by_role("button", name="Nghe", exact=True).click()
    expect(plain.locator("[data-length]")).to_have_text("0:03")
    expect(plain).to_have_attribute("data-heard", "1")
    expect(plain).not_to_have_attribute("data-waved", "")


@on_laptop
def test_the_browser_draws_as_the_server_does(page: Page) -> None:
    """One byte for each equal part: 0 at −48 dBFS and less, 255 at 0 dBFS, by the mean energy of tops of 20 ms."""
    made = page.evaluate(
        """async () => {
          const player = document.querySelector("script[src*='ui/player']").src;
          const { waveform } = await import(player.replace("player", "wave"));
          const rate = 8000;
          const level = [1, 0.5, 0.1, 0.01, 0.003, 0];
          const sample = (_, n) => level[Math.floor(n / rate)] * (n % 2 ? 1 : -1);
          return [...waveform(Float32Array.from({ length: 6 * rate }, sample), rate)];
        }"""
    )
    assert len(made) == 300  # 6 seconds of windows: fewer than the most
    expected = [round(255 * max(0.0, 1 + 20 * math.log10(level) / 48)) for level in (1, 0.5, 0.1, 0.01, 0.003)]
    assert [made[50 * n + 25] for n in range(6)] == [*expected, 0]


# ---- a file before it is sent ----


def test_a_chosen_file_is_seen_and_heard_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    page.set_input_files("#id_sound", speech(tmp_path / "thong-bao.wav"))
    given = page.locator(".given")
    expect(given.locator("[data-facts]")).to_have_text(facts(tmp_path / "thong-bao.wav"))
    expect(given.locator(".player")).to_have_attribute("data-waved", "")
    given.get_by_role("button", name="Nghe", exact=True).click()
    expect(given.locator(".player")).to_have_attribute("data-playing", "")
    page.set_input_files("#id_sound", [])
    expect(given).to_be_hidden()


def facts(file: Path) -> str:
    """What is told of a file: its name and size, in Vietnamese figures."""
    return f"{file.name} · {file.stat().st_size / 1000:.1f}".replace(".", ",").replace(",wav", ".wav") + " kB"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("trong.mp3", b"", "Tệp trống"),
        ("thong-bao.mp3", b"%PDF-1.7 " * 500, "Trình duyệt không mở được tệp này"),
    ],
)
@on_laptop
def test_what_is_no_sound_is_told_at_once(page: Page, name: str, data: bytes, said: str) -> None:
    page.set_input_files("#id_sound", FilePayload(name=name, mimeType="audio/mpeg", buffer=data))
    expect(page.locator(".given [data-warning]")).to_contain_text(said)
    page.set_input_files("#id_sound", [])
    expect(page.locator(".given")).to_be_hidden()


@on_laptop
def test_a_silent_and_a_large_file(page: Page, tmp_path: Path) -> None:
    page.set_input_files("#id_sound", silence(tmp_path / "im.wav"))
    expect(page.locator(".given [data-warning]")).to_contain_text("gần như không có tiếng")
    page.set_input_files("#id_sound", silence(tmp_path / "dai.wav", 300))  # 29 MB: played, not decoded
    expect(page.locator(".given [data-length]")).to_have_text("5:00")
    expect(page.locator(".given .player")).not_to_have_attribute("data-waved", "")
