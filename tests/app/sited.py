"""A commune's site with something in every kind of section, straight in the database: pages are read, not written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from nguon.channels.site import document
from nguon.kit.text import fold
from nguon.media import pictures
from nguon.media.files import keep_bytes
from nguon.media.models import Rendition
from nguon.newsroom import actions as newsroom
from nguon.newsroom.models import Category, Picture, Version
from nguon.newsroom.rules import Draft
from nguon.newsroom.showing import wording
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.portal.models import Edition, Event, EventWording, Paper, Posting, Section, Site
from nguon.review.models import Review, State
from tests.pictures import a_picture, encoded

SECTIONS: Sequence[dict[str, Any]] = (
    {"key": "gioi-thieu", "kind": "page", "title": "Giới thiệu, tổ chức bộ máy"},
    {"key": "tin-tuc", "kind": "news", "title": "Tin trong xã", "categories": ["local", "people"]},
    {"key": "thong-tin-khan-cap", "kind": "news", "title": "Thông tin khẩn cấp", "categories": ["emergency"]},
    {"key": "khoa-hoc-doi-song", "kind": "news", "title": "Khoa học, đời sống", "categories": ["science"]},
    {"key": "van-ban", "kind": "papers", "title": "Văn bản chỉ đạo, điều hành, pháp luật"},
    {"key": "ngan-sach", "kind": "papers", "title": "Công khai ngân sách"},
    {"key": "thu-tuc", "kind": "link", "title": "Thủ tục hành chính", "target": "https://dichvucong.gov.vn"},
    {"key": "phan-anh", "kind": "built", "title": "Phản ánh, kiến nghị"},
    {"key": "lich-tiep-cong-dan", "kind": "page", "title": "Lịch tiếp công dân"},
    {"key": "tro-nang", "kind": "page", "title": "Trợ năng của trang"},
)
ARTICLES = (
    (
        "Phát động toàn dân khơi thông kênh mương trước mùa mưa lũ",
        "local",
        "UBND xã phát động toàn dân ra quân dọn vệ sinh môi trường, khơi thông cống rãnh, kênh mương nội đồng vào "
        "6 giờ 00 Chủ nhật tuần này.\n\nMỗi hộ cử ít nhất một người, mang theo cuốc, xẻng, liềm, tập trung tại nhà "
        "văn hóa thôn. Trưởng thôn phân công từng đoạn và báo kết quả về UBND xã trước 16 giờ cùng ngày.",
    ),
    (
        "Tạm ngừng cung cấp điện các thôn Bình Thái, Diêm Vân để sửa đường dây",
        "local",
        "Từ 7 giờ 00 đến 11 giờ 30 thứ Bảy tuần này, các thôn Bình Thái và Diêm Vân tạm ngừng cung cấp điện.",
    ),
    (
        "Lịch tiêm vắc xin phòng bệnh sởi cho trẻ từ 9 tháng đến 5 tuổi",
        "science",
        "Trạm Y tế tổ chức tiêm vắc xin sởi cho trẻ chưa tiêm đủ mũi, từ 7 giờ 30 đến 11 giờ 00 các ngày thứ Năm và "
        "thứ Sáu tuần này. Đề nghị phụ huynh mang theo sổ tiêm chủng.",
    ),
    (
        "Hướng dẫn chằng chống nhà cửa trước mùa mưa bão",
        "emergency",
        "Dùng dây thép giằng mái tôn, đặt bao cát lên mái, chặt bớt cành cây gần nhà và gần đường dây điện.",
    ),
    (
        "Thu gom vỏ bao bì thuốc bảo vệ thực vật sau vụ gieo sạ",
        "science",
        "Hãy súc rửa ba lần, đổ nước rửa vào bình phun, rồi bỏ vỏ vào bể chứa đặt ở đầu bờ.",
    ),
    ("Khen thưởng gia đình văn hóa tiêu biểu năm 2026", "people", "Hội nghị biểu dương 45 gia đình văn hóa."),
)


@dataclass(frozen=True)
class Hands:
    """Who writes and who approves."""

    author: Person
    approver: Person
    now: datetime

    def approved(self, title: str, place: Place) -> Review:
        """An approval of something."""
        who = {"author": self.author, "submitted_by": self.author, "decided_by": self.approver}
        when = {"submitted_at": self.now, "decided_at": self.now}
        hashes = {"text_hash": "0" * 64, "media_hash": ""}
        return Review.objects.create(
            subject="portal.test:1", title=title, place=place, state=State.APPROVED, **hashes, **who, **when
        )


def hands(now: datetime) -> Hands:
    """Those of the demonstration's commune."""
    people = Person.objects.select_related("office")
    return Hands(people.get(username="bt.phuocthuan"), people.get(username="duyet.phuocthuan"), now)


def open_site(place: Place, now: datetime, **other: Any) -> Site:
    """A site with its sections and nothing in them."""
    said = {
        "slug": "phuoc-thuan",
        "name": f"Trang thông tin điện tử {place}",
        "lead": "Huyện Tuy Phước, tỉnh Bình Định",
        "owner": f"UBND {place}",
        "responsible": "Nguyễn Văn An, Chủ tịch UBND xã",
        "address": "Thôn Lộc Hạ, xã Phước Thuận",
        "phone": "0256 000 000",
        "email": "ubnd@phuocthuan.example",
        "hours": "Thứ Hai đến thứ Sáu: 7 giờ 30 – 11 giờ 30, 13 giờ 30 – 17 giờ 00\nThứ Bảy, Chủ nhật: nghỉ",
        **other,
    }
    site = Site.objects.create(place=place, opened_at=now, created_at=now, updated_at=now, **said)
    for number, section in enumerate(SECTIONS):
        Section.objects.create(site=site, number=number, **section)
    return site


def post(site: Site, by: Hands, title: str, body: str = "Nội dung.", category: str = "local", **other: Any) -> Posting:
    """An article that stands on a site. `photo`: with a picture of that number; `at`: since when."""
    at, photo = other.pop("at", by.now), other.pop("photo", None)
    place = other.pop("place", by.author.office.place_id if by.author.office else site.place_id)
    office = by.author.office_id
    details = newsroom.Details(place_id=place, category=Category(category), office_id=office)
    version = newsroom.create(draft=Draft(title=title, body=body), details=details, actor=by.author, now=by.now)
    if photo is not None:
        picture(version, by.now, photo)
    review = by.approved(title, site.place)
    page = keep_bytes(document.document(wording(version)), document.MIME, by.now, {})
    slug = f"{fold(title).replace(' ', '-')[:60].strip('-')}-{version.pk.hex[-6:]}"
    slug = "".join(letter for letter in slug if letter.isalnum() or letter == "-")
    row = {"version": version, "review": review, "page": page, "slug": slug, "publish_at": at, "created_by": by.author}
    return Posting.objects.create(site=site, bulletin=version.bulletin, created_at=by.now, **row, **other)


def picture(version: Version, now: datetime, number: int) -> Picture:
    """A picture of a version."""
    data = encoded(a_picture(900, 600, number))
    kept = pictures.take_in(upload=SimpleUploadedFile("anh.jpg", data, "image/jpeg"), now=now)
    alt = "Bà con dọn kênh mương ở cánh đồng thôn"
    size = {"width": kept.width, "height": kept.height}
    return Picture.objects.create(version=version, number=1, file=kept.file, alt=alt, **size)


def write(site: Site, by: Hands, key: str, body: str) -> Edition:
    """An approved wording of a page."""
    section = site.sections.get(key=key)
    review = by.approved(section.title, site.place)
    row = {"digest": "0" * 64, "review": review, "created_by": by.author, "created_at": by.now}
    return Edition.objects.create(section=section, number=1, body=body, **row)


def paper(site: Site, by: Hands, title: str, issued_on: date, key: str = "van-ban", **other: Any) -> Paper:
    """An approved paper, with a small file unless it has an address."""
    sign = other.pop("sign", "12/QĐ-UBND")
    if "url" not in other:
        other |= {"file": keep_bytes(b"%PDF-1.4 x", "application/pdf", by.now, {}), "filename": "quyet-dinh.pdf"}
    row = {"review": by.approved(title, site.place), "created_by": by.author, "created_at": by.now, "digest": "0" * 64}
    said = {"title": title, "sign": sign, "issuer": "UBND xã Phước Thuận", "issued_on": issued_on}
    folded = fold(f"{sign} {title} UBND xã Phước Thuận")
    return Paper.objects.create(section=site.sections.get(key=key), folded=folded, **said, **row, **other)


def event(site: Site, by: Hands, title: str, days: int, *, cancelled: bool = False, slug: str = "") -> EventWording:
    """An approved event in so many days."""
    day = by.now.date() + timedelta(days=days)
    cancelled_at = by.now if cancelled else None
    made = Event.objects.create(
        slug=slug or fold(title).replace(" ", "-"), created_at=by.now, cancelled_at=cancelled_at
    )
    body = "Người từ 60 tuổi trở lên được khám.\n\n# Mang theo\n\n- Căn cước\n- Thẻ bảo hiểm y tế"
    said = {"title": title, "where": "Trạm Y tế xã Phước Thuận", "contact": "Trạm Y tế, 0256 000 021", "body": body}
    row = {"review": by.approved(title, site.place), "created_by": by.author, "created_at": by.now, "digest": "0" * 64}
    hours = {"begins": time(7, 30), "ends": time(11)}
    wording = EventWording.objects.create(
        event=made, number=1, first=day, last=day, folded=fold(title), **hours, **said, **row
    )
    wording.sites.add(site)
    return wording


def aloud(row: Edition | Paper | EventWording, now: datetime) -> None:
    """Something that is read aloud."""
    file = keep_bytes(f"mp3 {row.pk}".encode(), "audio/mpeg", now, {"duration_ms": 9000})
    times = {"created_at": now, "updated_at": now}
    row.sound = Rendition.objects.create(key=row.pk.hex, source="speech", state="ready", file=file, **times)
    row.save(update_fields=["sound"])


def fill(site: Site, by: Hands, times: int = 1) -> list[Posting]:
    """Something everywhere, and the articles so many times."""
    found = []
    for round_ in range(times):
        for number, (title, category, body) in enumerate(ARTICLES):
            name = title if round_ == 0 else f"{title} (đợt {round_ + 1})"
            at = by.now - timedelta(hours=5 * (number + round_ * len(ARTICLES)) + 1)
            photo = number if number in (0, 2, 3) else None
            found.append(post(site, by, name, body, category, at=at, photo=photo))
    intro = "Xã Phước Thuận có 9 thôn.\n\nChủ tịch UBND xã: ông Nguyễn Văn An, điện thoại 0256 000 001."
    aloud(write(site, by, "gioi-thieu", intro), by.now)
    write(site, by, "lich-tiep-cong-dan", "Sáng thứ Năm hằng tuần, tại trụ sở UBND xã.")
    aloud(paper(site, by, "Quyết định phê duyệt kế hoạch phòng chống thiên tai năm 2026", date(2026, 3, 2)), by.now)
    aloud(event(site, by, "Khám bệnh miễn phí cho người cao tuổi", 3, slug="kham-benh"), by.now)
    event(site, by, "Giải bóng chuyền các thôn", 5, cancelled=True)
    event(site, by, "Ra quân dọn kênh mương", -20)
    paper(site, by, "Thông báo kết luận họp giao ban tháng 10", date(2025, 10, 9), sign="98/TB-UBND")
    paper(site, by, "Dự toán ngân sách xã năm 2026", date(2025, 12, 30), "ngan-sach", url="https://example.vn/ns.pdf")
    return found
