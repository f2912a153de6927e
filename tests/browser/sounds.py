"""A browser with a microphone whose words are a file, on the living style page; sounds made by the real voice."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGS += ["--disable-sync", "--no-first-run", "--autoplay-policy=no-user-gesture-required"]
FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LAPTOP, PHONE = (1280, 740), (390, 740)
WORDS = "Kính thưa bà con, tối nay bảy giờ họp tại nhà văn hóa thôn. Xin mời bà con đến dự đông đủ."


@contextmanager
def chromium(*args: str) -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*ARGS, *args])
        expect.set_options(timeout=30_000)  # on a machine shared with others
        yield browser
        browser.close()
        expect.set_options(timeout=5_000)


def microphone(file: Path) -> list[str]:
    """The arguments for a browser that hears this WAV again and again, and is allowed to."""
    return [*FAKE, f"--use-file-for-fake-audio-capture={file}"]


def page_of(browser: Browser, complaints: list[str], size: tuple[int, int] = LAPTOP) -> Page:
    """A page in a new context; what it complains of is kept."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", has_touch=width < 600)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page


def speech(path: Path, *, gain: float = 0.0) -> Path:
    """A WAV of the real voice at 48 kHz, peaks near −6 dBFS, `gain` dB louder or quieter; it clips where it must."""
    raw = path.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", "vi", "-a", "60", "-w", str(raw), WORDS], check=True)
    filters = f"volume={gain - 6}dB"
    made = ["ffmpeg", "-v", "error", "-y", "-i", str(raw), "-ar", "48000", "-ac", "1", "-af", filters, str(path)]
    subprocess.run(made, check=True)
    return path


def silence(path: Path, seconds: float = 5) -> Path:
    """A WAV of nothing."""
    source = f"anullsrc=r=48000:cl=mono:d={seconds}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, str(path)], check=True)
    return path
