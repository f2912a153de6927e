"""A report as a workbook for Excel: a sheet for each way to count, and one with every line."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nguon.delivery.models import Delivery
from nguon.kit import clock
from nguon.monitor import proof, proof_words
from nguon.monitor.proof import By, Line, Outcome, Wish

MOST = 200_000  # lines in the last sheet
WIDTHS = (20, 44, 24, 28, 24, 16, 50, 20, 20, 12)  # of its columns, characters


def workbook(found: QuerySet[Delivery], wish: Wish) -> IO[bytes]:
    """The workbook, to be read from its beginning; closed, it is gone."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True, "strings_to_formulas": False})
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "top"}),
        "percent": book.add_format({"num_format": "0.0"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
        "title": book.add_format({"bold": True, "font_size": 13}),
    }
    for by in By:
        _counts(book, styles, by, proof.table(found, by), wish)
    _lines(book, styles, proof.every(found)[:MOST])
    book.close()
    out.seek(0)
    return out


def _counts(book: Any, styles: dict[str, Any], by: By, lines: list[Line], wish: Wish) -> None:
    page = book.add_worksheet(str(proof_words.TABS[by]))
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 28)
    page.set_column(2, 8, 13)
    page.set_column(9, 9, 60)
    days = {"first": f"{wish.first:%d/%m/%Y}", "last": f"{wish.last:%d/%m/%Y}"}
    page.write_string(0, 0, _("Đối soát phát từ %(first)s đến %(last)s") % days, styles["title"])
    heads = [
        proof_words.TABS[by],
        _("Thuộc"),
        _("Phải phát"),
        *proof_words.OUTCOMES.values(),
        _("Phát trọn (%)"),
        _("Lý do"),
    ]
    for column, head in enumerate(heads):
        page.write_string(2, column, str(head), styles["head"])
    page.freeze_panes(3, 1)
    whole = proof.whole(lines)
    whole.label = _("Tất cả")
    for row, line in enumerate([*lines, whole], 3):
        page.write_string(row, 0, proof_words.label(line))
        page.write_string(row, 1, line.sub)
        page.write_number(row, 2, line.total)
        for column, outcome in enumerate(Outcome, 3):
            page.write_number(row, column, line.counts[outcome])
        page.write_number(row, 8, line.share, styles["percent"])
        page.write_string(row, 9, "; ".join(f"{number} × {proof_words.reason(code)}" for code, number in line.worst))


def _lines(book: Any, styles: dict[str, Any], rows: Iterable[Delivery]) -> None:
    page = book.add_worksheet(_("Từng lượt"))
    heads = [_("Giờ phải phát"), _("Nội dung"), _("Đơn vị phát"), _("Cụm loa"), _("Địa bàn"), _("Kết quả"), _("Lý do")]
    heads += [_("Bắt đầu"), _("Kết thúc"), _("Đã phát (giây)")]
    for column, (head, width) in enumerate(zip(heads, WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, head, styles["head"])
    page.freeze_panes(1, 0)
    for at, row in enumerate(rows, 1):
        outcome = Outcome(vars(row)["outcome"])
        _moment(page, at, 0, vars(row)["due"], styles)
        said = (row.broadcast.title, str(row.broadcast.place), row.device.name, str(row.device.place))
        for column, words in enumerate((*said, str(proof_words.OUTCOMES[outcome]), proof_words.reason(row.reason)), 1):
            page.write_string(at, column, words)
        _moment(page, at, 7, row.started_at, styles)
        _moment(page, at, 8, row.finished_at, styles)
        heard = row.broadcast.length_ms if outcome is Outcome.PLAYED else row.position_ms
        page.write_number(at, 9, round(heard / 1000))


def _moment(page: Any, row: int, column: int, moment: datetime | None, styles: dict[str, Any]) -> None:
    if moment is not None:
        page.write_datetime(row, column, moment.astimezone(clock.LOCAL), styles["moment"])
