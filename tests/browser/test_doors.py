"""The doors in a real browser: a telephone, a passkey of DevTools' virtual authenticator, two people for a change."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, CDPSession, expect

from nguon.kit import clock
from tests.browser.screen import LAPTOP, PHONE, Screen, chromium
from tests.conftest import MakeServer
from tests.services import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "mot-mat-khau-dai"
PEOPLE = f"""
from nguon.kit import clock
from nguon.people import actions
from nguon.people.models import Office
from nguon.places.models import Place
at = Place.objects.create(name="Tuy Phước", kind="xã", folded="tuy phuoc")
office = Office.objects.create(name="Ủy ban nhân dân xã Tuy Phước", place=at)
for username, name, kind in (("lan", "Nguyễn Thị Ngọc Lan", "admin"), ("minh", "Trần Quang Minh", "admin")):
    made = actions.create_person(
        username=username, full_name=name, office=office, password="{PASSWORD}", actor="test", now=clock.now()
    )
    actions.give_role(person=made.person, kind=kind, place=at, actor="test", now=clock.now())
    actions.give_role(person=made.person, kind="approver", place=at, actor="test", now=clock.now())
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def office(make_server: MakeServer) -> Server:
    """A server that is no demonstration, with two administrators."""
    server = make_server()
    server.shell(PEOPLE)
    return server.start()


def before(browser: Browser, server: Server, size: tuple[int, int] = LAPTOP) -> Screen:
    """Passkeys need a name: the same server under `localhost`."""
    return Screen.switched_on(browser, server.base_url.replace("127.0.0.1", "localhost"), size)


def authenticator(screen: Screen) -> tuple[CDPSession, str]:
    """A fingerprint reader that knows its user, as built into a laptop."""
    devtools = screen.page.context.new_cdp_session(screen.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def password(screen: Screen, name: str) -> None:
    screen.open("/dang-nhap")
    screen.page.fill("input[name=username]", name)
    screen.page.fill("input[name=password]", PASSWORD)
    screen.page.keyboard.press("Enter")


def picture(screen: Screen, folder: Path | None, name: str) -> None:
    screen.fits()
    if folder:
        screen.page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_a_telephone_then_a_passkey_then_a_second_person(browser: Browser, office: Server, shots: Path | None) -> None:
    lan = before(browser, office)
    password(lan, "lan")
    expect(lan.page.get_by_role("heading", level=1)).to_have_text("Bảo mật đăng nhập")
    picture(lan, shots, "1-set-up")
    lan.open("/can-bo/")
    expect(lan.page.get_by_text("Cần thêm bước thứ hai trước khi làm việc")).to_be_visible()
    secret = telephone(lan, shots)
    codes = lan.page.locator(".doors-codes code").all_inner_texts()
    assert len(codes) == 10
    picture(lan, shots, "3-codes")
    lan.page.get_by_role("link", name="Đã ghi lại, vào làm việc").click()
    expect(lan.page.get_by_role("heading", level=1)).to_contain_text("Chào")
    devtools, reader = authenticator(lan)
    lan.open("/bao-mat")
    lan.page.get_by_label("Gọi là").last.fill("Máy tính ở phòng làm việc")
    lan.page.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(lan.page.get_by_text("Máy tính ở phòng làm việc").first).to_be_visible()
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": reader})["credentials"]) == 1
    picture(lan, shots, "4-both")
    lan.page.get_by_role("button", name="Thêm khóa truy cập").click()
    expect(lan.page.get_by_text("Máy này đã có khóa truy cập")).to_be_visible()
    out(lan)
    picture(lan, shots, "5-sign-in")
    lan.page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(lan.page.get_by_role("heading", level=1)).to_contain_text("Chào")
    out(lan)
    password(lan, "lan")
    expect(lan.page.get_by_role("heading", level=1)).to_have_text("Bước thứ hai")
    picture(lan, shots, "6-second")
    lan.page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(lan.page.get_by_role("heading", level=1)).to_contain_text("Chào")
    refused(lan, devtools, reader)
    lan.open("/xac-nhan-lai?next=/cho-nguoi-thu-hai/")
    picture(lan, shots, "6-again")
    lan.page.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(lan.page.get_by_role("heading", level=1)).to_have_text("Chờ người thứ hai")
    with_code(browser, office, codes[0], secret)
    two_people(browser, office, lan, shots)
    assert complaints(lan) == []


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures go, if somebody wants to look: `--basetemp` is kept for a while anyway."""
    folder = os.environ.get("SHOTS")
    return Path(folder) if folder else None


def telephone(screen: Screen, shots: Path | None) -> str:
    """Add a telephone that shows the right figures."""
    screen.page.get_by_role("link", name="Thêm điện thoại").click()
    expect(screen.page.locator("img.doors-qr")).to_be_visible()
    assert screen.page.locator("img.doors-qr").evaluate("image => image.naturalWidth") > 100
    screen.page.get_by_text("Không quét được?").click()
    secret = screen.page.locator(".doors-secret").inner_text().replace(" ", "")
    picture(screen, shots, "2-telephone")
    screen.page.fill("input[name=figures]", "123")
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_text("Mã chưa đúng").first).to_be_visible()
    screen.page.fill("input[name=figures]", pyotp.TOTP(secret).at(clock.now()))
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng")
    return secret


def complaints(screen: Screen) -> list[str]:
    """What the browser complained of, but for the figures that were typed wrong on purpose."""
    return [said for said in screen.complaints if "status of 422" not in said]


def out(screen: Screen) -> None:
    screen.page.context.clear_cookies()
    screen.open("/dang-nhap")


def refused(screen: Screen, devtools: CDPSession, reader: str) -> None:
    """A finger that the reader does not know opens nothing."""
    out(screen)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": reader, "isUserVerified": False})
    screen.page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(screen.page.get_by_text("Chưa xong")).to_be_visible()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": reader, "isUserVerified": True})
    screen.page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    expect(screen.page.get_by_role("heading", level=1)).to_contain_text("Chào")


def with_code(browser: Browser, server: Server, code: str, secret: str) -> None:
    """Without the machine and the telephone a code from paper opens, once."""
    other = before(browser, server, PHONE)
    password(other, "lan")
    other.page.fill("input[name=code]", code)
    other.page.keyboard.press("Enter")
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("Chào")
    assert other.complaints == []


def two_people(browser: Browser, server: Server, lan: Screen, shots: Path | None) -> None:
    """One administrator adds somebody, the other agrees on the telephone, the first takes the password."""
    minh = before(browser, server, PHONE)
    password(minh, "minh")
    telephone(minh, None)
    minh.page.get_by_role("link", name="Đã ghi lại, vào làm việc").click()
    lan.open("/can-bo/moi")
    lan.page.fill("input[name=full_name]", "Võ Thị Kim Oanh")
    lan.page.fill("input[name=username]", "oanh.vo")
    lan.page.fill("input[name=title]", "Công chức văn hóa - xã hội")
    lan.page.select_option("select[name=office]", index=1)
    lan.page.locator("form[data-dirty] button").click()
    expect(lan.page.get_by_text("Đã gửi đề nghị")).to_be_visible()
    picture(lan, shots, "7-proposed")
    minh.open("/cho-nguoi-thu-hai/")
    expect(minh.page.get_by_text("Võ Thị Kim Oanh").first).to_be_visible()
    picture(minh, shots, "8-waiting-phone")
    minh.page.get_by_role("button", name="Đồng ý", exact=True).first.click()
    minh.page.get_by_role("dialog").get_by_role("button", name="Đồng ý", exact=True).click()
    expect(minh.page.get_by_text("việc đã được thực hiện")).to_be_visible()
    lan.open("/cho-nguoi-thu-hai/")
    picture(lan, shots, "9-collect")
    lan.page.get_by_role("button", name="Lấy mật khẩu").first.click()
    lan.page.get_by_role("dialog").get_by_role("button", name="Lấy mật khẩu").click()
    expect(lan.page.get_by_text("chỉ hiện một lần")).to_be_visible()
    assert re.search(r"[a-z0-9]{3}(-[a-z0-9]{3}){3}", lan.page.locator("dl.facts").inner_text())
    assert complaints(minh) == []
