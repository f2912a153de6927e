"""The pages of the office of sites and feedback, who looks at each, and a server with something on all of them."""

import json
from typing import Any

from playwright.sync_api import Browser

from tests.browser.screen import LAPTOP, Screen, password_of
from tests.services import Server

WRITER, APPROVER, SETS_UP = "bt.phuocthuan", "duyet.phuocthuan", "qt.phuocthuan"  # of a commune
DISTRICT, TOWN = "bt.huyen", "quantri"
# Every page once: who looks, and its address; `{…}` as `office_data.fill` tells them. Whoever adds a page adds a line.
PAGES: dict[str, tuple[str, str]] = {
    "sites": (DISTRICT, "/trang-xa/"),
    "sites-none": ("kt.phuocthuan", "/trang-xa/"),
    "site": (WRITER, "/trang-xa/{site}"),
    "site-new": (TOWN, "/trang-xa/moi"),
    "site-settings": (WRITER, "/trang-xa/{site}/cai-dat"),
    "site-address": (TOWN, "/trang-xa/{site}/dia-chi"),
    "section-add": (WRITER, "/trang-xa/{site}/them-muc"),
    "section-change": (WRITER, "/trang-xa/muc/{sections[tin-tuc]}/cai-dat"),
    "section-page": (WRITER, "/trang-xa/muc/{sections[gioi-thieu]}"),
    "section-page-waiting": (WRITER, "/trang-xa/muc/{sections[lich-tiep-cong-dan]}"),
    "section-page-empty": (WRITER, "/trang-xa/muc/{sections[tro-nang]}"),
    "section-news": (WRITER, "/trang-xa/muc/{sections[tin-tuc]}"),
    "section-papers": (WRITER, "/trang-xa/muc/{sections[van-ban]}"),
    "section-papers-empty": (WRITER, "/trang-xa/muc/{sections[thong-ke]}"),
    "section-link": (WRITER, "/trang-xa/muc/{sections[thu-tuc-hanh-chinh]}"),
    "section-built": (WRITER, "/trang-xa/muc/{sections[phan-anh]}"),
    "write": (WRITER, "/trang-xa/muc/{sections[lich-tiep-cong-dan]}/soan"),
    "edition": (WRITER, "/trang-xa/ban/{edition}"),
    "edition-approve": (APPROVER, "/duyet/{reviews[portal.edition]}"),
    "paper": (WRITER, "/trang-xa/van-ban/{paper}"),
    "paper-mend": (WRITER, "/trang-xa/van-ban/{paper}/sua"),
    "paper-add": (WRITER, "/trang-xa/muc/{sections[van-ban]}/them-van-ban"),
    "paper-approve": ("duyet.phuocson", "/duyet/{reviews[portal.paper]}"),
    "posted": (WRITER, "/trang-xa/tin/"),
    "posted-none": (WRITER, "/trang-xa/tin/?q=khongco"),
    "posted-ready": (DISTRICT, "/trang-xa/tin/?cho&trang=phuoc-thuan"),
    "post": (DISTRICT, "/trang-xa/dang/{bulletin}"),
    "surveys": (WRITER, "/trang-xa/khao-sat/"),
    "surveys-none": ("bt.phuocson", "/trang-xa/khao-sat/"),
    "survey-new": (WRITER, "/trang-xa/khao-sat/moi"),
    "survey-edit": (WRITER, "/trang-xa/khao-sat/{returned}/sua"),
    "survey-waiting": (WRITER, "/trang-xa/khao-sat/{waiting}"),
    "survey-returned": (WRITER, "/trang-xa/khao-sat/{returned}"),
    "survey-running": (WRITER, "/trang-xa/khao-sat/{running}"),
    "survey-over": (APPROVER, "/trang-xa/khao-sat/{over}"),
    "survey-approve": (APPROVER, "/duyet/{reviews[portal.survey]}"),
    "cases": (WRITER, "/xu-ly-phan-anh/"),
    "cases-late": (DISTRICT, "/xu-ly-phan-anh/?muc=qua-han"),
    "cases-done": (WRITER, "/xu-ly-phan-anh/?muc=da-xong"),
    "cases-held": (WRITER, "/xu-ly-phan-anh/?muc=nghi-lam-dung"),
    "cases-none": (WRITER, "/xu-ly-phan-anh/?q=khongco"),
    "case-fresh": (WRITER, "/xu-ly-phan-anh/{fresh}"),
    "case-working": (WRITER, "/xu-ly-phan-anh/{working}"),
    "case-answered": (WRITER, "/xu-ly-phan-anh/{answered}"),
    "case-held": (WRITER, "/xu-ly-phan-anh/{held}"),
    "case-sent": (WRITER, "/xu-ly-phan-anh/{sent}"),
    "answer": (WRITER, "/xu-ly-phan-anh/{working}/tra-loi"),
    "answer-waiting": (DISTRICT, "/xu-ly-phan-anh/{drafted}/tra-loi"),
    "answer-given": (WRITER, "/xu-ly-phan-anh/{answered}/tra-loi"),
    "answer-announce": (WRITER, "/xu-ly-phan-anh/{answered}/tra-loi/ban-tin"),
    "answer-approve": ("duyet.huyen", "/duyet/{reviews[feedback.answer]}"),
    "public": (WRITER, "/xu-ly-phan-anh/{answered}/cong-khai"),
    "intake": (WRITER, "/xu-ly-phan-anh/tiep-nhan"),
    "figures": (DISTRICT, "/xu-ly-phan-anh/so-lieu"),
    "stickers": ("kt.phuocthuan", "/xu-ly-phan-anh/tem-qr"),
    "fields": (TOWN, "/xu-ly-phan-anh/thiet-lap"),
    "routes": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/quy-tac"),
    "route-new": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/quy-tac/moi"),
    "routes-trial": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/thu-quy-tac"),
    "terms": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/thoi-han"),
    "term-new": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/thoi-han/moi"),
    "days-off": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/ngay-nghi"),
    "day-off-new": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/ngay-nghi/moi"),
    "templates": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/mau"),
    "template-new": (SETS_UP, "/xu-ly-phan-anh/thiet-lap/mau/moi"),
    "field-edit": (TOWN, "/xu-ly-phan-anh/thiet-lap/linh-vuc/{field}"),
    "route-edit": (TOWN, "/xu-ly-phan-anh/thiet-lap/quy-tac/{route}"),
    "privacy": (WRITER, "/xu-ly-phan-anh/du-lieu/"),
    "privacy-done": (WRITER, "/xu-ly-phan-anh/du-lieu/?xong=1"),
    "privacy-request": (WRITER, "/xu-ly-phan-anh/du-lieu/{request}/"),
    "looks": (TOWN, "/xu-ly-phan-anh/du-lieu/ai-da-xem"),
    "kept": (TOWN, "/xu-ly-phan-anh/du-lieu/thoi-han"),
    "contacts": (WRITER, "/xu-ly-phan-anh/{named}/nguoi-gui"),
    "systems": (TOWN, "/xu-ly-phan-anh/he-thong-khac/"),
    "client-new": (SETS_UP, "/xu-ly-phan-anh/he-thong-khac/khoa-moi"),
    "authority-new": (SETS_UP, "/xu-ly-phan-anh/he-thong-khac/co-quan-moi"),
    "forward": (WRITER, "/xu-ly-phan-anh/{fresh}/chuyen-he-thong"),
    "forward-sent": (WRITER, "/xu-ly-phan-anh/{sent}/chuyen-he-thong"),
    "reviews": (APPROVER, "/duyet/"),
}


class Office:
    """A server, one browser, and a screen for each person who signed in. `ids` as `office_data.fill` tells them."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self._server, self._browser, self._password = server, browser, password_of(server)
        self._screens: dict[str, Screen] = {}
        found = server.shell("from tests.browser.office_data import fill; fill()")
        self.ids: dict[str, Any] = json.loads(found.strip().splitlines()[-1])

    def screen(self, name: str) -> Screen:
        """The screen of a person, who signs in the first time."""
        if name not in self._screens:
            made = Screen.switched_on(self._browser, self._server.base_url, LAPTOP)
            self._screens[name] = made.sign_in(name, self._password)
        return self._screens[name]

    def opened(self, name: str) -> Screen:
        """A page of `PAGES`, open before whoever looks at it, on a laptop."""
        who, path = PAGES[name]
        screen = self.screen(who)
        screen.page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
        screen.open(path.format_map(self.ids))
        return screen
