"""Pages and papers of sites: written, handed in, approved by another; files known by their bytes; nothing secret."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nguon.journal.queries import verify
from nguon.people.models import Person, Role
from nguon.portal import concerns, documents, editions, papers, queries
from nguon.portal.errors import Conflict, PortalError
from nguon.portal.models import Paper, Site
from nguon.review import actions as reviews
from nguon.review import queries as waiting
from nguon.review.models import Review, State
from tests.app.desk import Desk
from tests.app.siting import SAID, approve, client_of, section, written
from tests.app.webdesk import desk, site, web

__all__ = ["desk", "site", "web"]
pytestmark = pytest.mark.django_db


# Pages


def test_a_page_is_public_when_another_approved_it(site: Site, desk: Desk, web: Person) -> None:
    edition = written(site, web, desk)
    assert not [one for one in queries.filled(site) if one.key == "gioi-thieu"]
    assert waiting.waiting(desk.approver).get().title == "Giới thiệu, tổ chức bộ máy · xã Phước Thuận"
    Role.objects.create(person=web, kind="approver", place=desk.here)
    with pytest.raises(reviews.NotTheirs):
        approve(edition.review, desk, by=web)
    approve(edition.review, desk)
    assert [one.key for one in queries.filled(site) if one.key == "gioi-thieu"] == ["gioi-thieu"]


def test_the_approver_sees_the_page_and_what_changed(site: Site, desk: Desk, web: Person) -> None:
    approve(written(site, web, desk, "Xã có **8 thôn**.").review, desk)
    second = editions.write(
        section=section(site, "gioi-thieu"), body="Xã có **9 thôn**.", seen=1, actor=web, now=desk.now
    )
    review = editions.hand_in(edition=second, actor=web, now=desk.now)
    shown = client_of(desk.approver).get(reverse("review:detail", args=[review.pk])).text
    assert "<strong>9 thôn</strong>" in shown
    assert "<del>**8 </del><ins>**9 </ins>" in shown


def test_nothing_is_overwritten_and_a_conflict_is_told(site: Site, desk: Desk, web: Person) -> None:
    page = section(site, "gioi-thieu")
    editions.write(section=page, body="Một", seen=0, actor=web, now=desk.now)
    with pytest.raises(Conflict):
        editions.write(section=page, body="Hai", seen=0, actor=desk.editor, now=desk.now)
    here = reverse("portal:write", args=[page.pk])
    refused = client_of(desk.editor).post(here, {"body": "Hai", "seen": "0"})
    assert refused.status_code == 422
    assert "Có người vừa lưu bản khác" in refused.text
    assert ">Hai</textarea>" in refused.text.replace("\r", "").replace(">\n", ">"), "what was typed is still there"
    assert 'name="seen" value="1"' in refused.text, "saving once more, having seen the other, is allowed"
    client_of(desk.editor).post(here, {"body": "Một và hai", "seen": "1"})
    assert list(page.editions.values_list("number", "body")) == [(2, "Một và hai"), (1, "Một")]
    editions.write(section=page, body="Một và hai", seen=2, actor=web, now=desk.now)
    assert page.editions.count() == 2, "the same words are no new edition"


def test_a_newer_wording_takes_back_what_waited(site: Site, desk: Desk, web: Person) -> None:
    first = written(site, web, desk)
    editions.write(section=section(site, "gioi-thieu"), body="Khác", seen=1, actor=web, now=desk.now)
    assert first.review is not None
    assert Review.objects.get(pk=first.review.pk).state == State.WITHDRAWN
    with pytest.raises(reviews.ReviewError):
        approve(first.review, desk)
    with pytest.raises(Conflict):
        editions.hand_in(edition=first, actor=web, now=desk.now)


def test_writing_and_preview_by_the_page(site: Site, web: Person) -> None:
    client, page = client_of(web), section(site, "lich-tiep-cong-dan")
    seen = client.post(reverse("portal:preview", args=[page.pk]), {"body": "# Thứ Ba\n<script>x</script>"}).text
    assert "<h2>Thứ Ba</h2>" in seen
    assert "<script>" not in seen
    client.post(reverse("portal:write", args=[page.pk]), {"body": "# Thứ Ba", "seen": "0", "do": "send"})
    assert page.editions.get().review is not None
    assert "Có bản đang chờ duyệt" in client.get(reverse("portal:site", args=[site.pk])).text
    empty = client.post(reverse("portal:write", args=[page.pk]), {"body": " ", "seen": "1"})
    assert (empty.status_code, "Trang chưa có chữ nào" in empty.text) == (422, True)
    old = client.get(reverse("portal:edition", args=[page.editions.get().pk]))
    assert "<h2>Thứ Ba</h2>" in old.text


def test_what_came_back_is_told_to_who_wrote_it(site: Site, desk: Desk, web: Person) -> None:
    review = written(site, web, desk).review
    assert review is not None
    assert "Giới thiệu, tổ chức bộ máy" in client_of(web).get(reverse("review:list")).text, "what one sent is seen"
    reviews.return_(review=review, reason="Thiếu số điện thoại", actor=desk.approver, now=desk.now)
    (concern,) = concerns.of(web, desk.now)
    assert concern.why == "Thiếu số điện thoại"
    assert list(concerns.of(desk.editor, desk.now)) == [], "somebody else of the site has nothing to do"
    assert "Bị trả lại: Thiếu số điện thoại" in client_of(web).get(concern.url).text


# Papers


def test_a_paper_is_public_when_another_approved_it_and_gone_when_withdrawn(
    site: Site, desk: Desk, web: Person
) -> None:
    paper = papers.add(section=section(site, "van-ban"), said=SAID, actor=web, now=desk.now)
    assert "van-ban" not in [one.key for one in queries.filled(site)]
    shown = client_of(desk.approver).get(reverse("review:detail", args=[paper.review_id]))
    assert "15/KH-UBND" in shown.text
    approve(paper.review, desk)
    assert "van-ban" in [one.key for one in queries.filled(site)]
    with pytest.raises(PortalError, match="rút xuống"):
        papers.mend(paper=paper, said=SAID, actor=web, now=desk.now)
    with pytest.raises(PortalError, match="vì sao"):
        papers.withdraw(paper=paper, why=" ", actor=web, now=desk.now)
    papers.withdraw(paper=paper, why="Nhầm số", actor=web, now=desk.now)
    assert "van-ban" not in [one.key for one in queries.filled(site)]
    assert verify().sound


def test_who_wrote_in_a_paper_once_never_approves_it(site: Site, desk: Desk, web: Person) -> None:
    paper = papers.add(section=section(site, "van-ban"), said=SAID, actor=desk.both, now=desk.now)
    assert paper.review is not None
    reviews.return_(review=paper.review, reason="Sai ngày", actor=desk.approver, now=desk.now)
    mended = papers.mend(paper=paper, said=replace(SAID, sign="16/KH-UBND"), actor=web, now=desk.now)
    with pytest.raises(reviews.NotTheirs):
        approve(mended.review, desk, by=desk.both)
    approve(mended.review, desk)


def test_no_secret_paper_enters_and_not_a_byte_of_it_is_kept(site: Site, web: Person) -> None:
    from nguon.media.models import File

    client, here = client_of(web), reverse("portal:paper-add", args=[section(site, "van-ban").pk])
    upload = SimpleUploadedFile("phuong-an.pdf", b"%PDF-1.7 mat")
    refused = client.post(here, {"title": "Phương án tác chiến", "sign": "01/PA-MẬT", "file": upload})
    assert refused.status_code == 422
    assert "Không được đưa văn bản mật" in refused.text
    assert "Phương án tác chiến" in refused.text, "what was typed is still there"
    assert not File.objects.exists()
    assert not Paper.objects.exists()


def test_a_paper_is_added_and_fetched_by_the_page(site: Site, desk: Desk, web: Person) -> None:
    client, page = client_of(web), section(site, "ngan-sach")
    given = {"title": "Quyết toán", "sign": "02/BC", "issued_on": "2026-10-01"}
    nothing = client.post(reverse("portal:paper-add", args=[page.pk]), given)
    assert "Hãy chọn tệp văn bản" in nothing.text
    upload = SimpleUploadedFile("C:\\BC\\quyết toán.PDF", b"%PDF-1.7 x")
    client.post(reverse("portal:paper-add", args=[page.pk]), {**given, "file": upload})
    paper = Paper.objects.get()
    assert paper.filename == "quyết toán.pdf"
    got = client.get(reverse("portal:paper-file", args=[paper.pk]))
    assert got.headers["Content-Type"] == documents.PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(got) == b"%PDF-1.7 x"
    client.post(reverse("portal:paper-mend", args=[paper.pk]), {**given, "title": "Quyết toán 2025"})
    paper.refresh_from_db()
    assert (paper.title, paper.file is not None) == ("Quyết toán 2025", True)
    assert Review.objects.filter(state=State.SUBMITTED).count() == 1
    client.post(reverse("portal:paper-withdraw", args=[paper.pk]), {"why": "Nhầm"})
    assert not Review.objects.filter(state=State.SUBMITTED).exists()


# Files


def packed(**parts: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"%PDF-1.4\n", "pdf"),
        (b"\xef\xbb\xbf%PDF-1.7", "pdf"),
        (packed(**{"word/document.xml": "<x/>", "[Content_Types].xml": ""}), "docx"),
        (packed(**{"xl/workbook.xml": "<x/>"}), "xlsx"),
        (packed(mimetype=ODT), "odt"),
    ],
)
def test_a_document_is_known_by_its_bytes(data: bytes, ending: str) -> None:
    assert documents.ENDINGS[documents.kind_of(data)] == ending


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "Tệp trống"),
        (b"MZ\x90\x00", "Không nhận ra"),
        (b"<html><script>", "Không nhận ra"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "kiểu cũ"),
        (b"PK\x03\x04 hong", "bị hỏng"),
        (packed(**{"a.exe": b"MZ"}), "giải nén"),
        (packed(mimetype="text/html"), "giải nén"),
        (packed(**{"word/document.xml": "<x/>", "word/vbaProject.bin": b"x"}), "macro"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(PortalError, match=why):
        documents.kind_of(data)


def test_a_file_that_is_too_large_is_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_MB", 0)
    with pytest.raises(PortalError, match="nặng quá"):
        documents.take_in(upload=SimpleUploadedFile("a.pdf", b"%PDF-1.4"), now=desk.now)
