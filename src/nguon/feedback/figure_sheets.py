"""The figures as a workbook for Excel: a sheet for each way to count. Nothing of who told anything is in it."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.feedback.figures import By, Line, Wish

HEADS = (
    gettext_lazy("Số phản ánh"),
    gettext_lazy("Đã trả lời"),
    gettext_lazy("Trễ hạn"),
    gettext_lazy("Đúng hạn (%)"),
    gettext_lazy("Số ngày đến khi trả lời (trung vị)"),
    gettext_lazy("Phải xem lại (%)"),
    gettext_lazy("Mức hài lòng (1 đến 5)"),
    gettext_lazy("Số lượt đánh giá"),
)


def cells(line: Line) -> list[float | int | str]:
    """The figures of a line, in the order of HEADS; empty where there is nothing to count."""
    return [
        line.total,
        line.answered,
        line.late,
        _rounded(line.in_time),
        _rounded(line.days),
        _rounded(line.reopened),
        _rounded(line.content, 2),
        line.rated,
    ]


def workbook(tables: Mapping[By, Sequence[Line]], whole: Line, tabs: Mapping[By, Any], wish: Wish) -> IO[bytes]:
    """The workbook, to be read from its beginning; closed, it is gone."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 13})
    days = {"first": f"{wish.first:%d/%m/%Y}", "last": f"{wish.last:%d/%m/%Y}"}
    for by, lines in tables.items():
        page = book.add_worksheet(str(tabs[by])[:31])
        page.set_column(0, 0, 44)
        page.set_column(1, len(HEADS), 15)
        page.write_string(0, 0, _("Phản ánh nhận từ %(first)s đến %(last)s") % days, title)
        for column, words in enumerate([tabs[by], *HEADS]):
            page.write_string(2, column, str(words), head)
        page.freeze_panes(3, 1)
        for row, line in enumerate([*lines, whole], 3):
            page.write_string(row, 0, line.label)
            for column, value in enumerate(cells(line), 1):
                page.write(row, column, value)
    book.close()
    out.seek(0)
    return out


def _rounded(number: float | None, digits: int = 1) -> float | str:
    return "" if number is None else round(number, digits)
