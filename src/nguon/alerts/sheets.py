"""The scorecard of an alert as a workbook for Excel: the whole and each place, then every cluster."""

from io import BytesIO
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from nguon.alerts import scores
from nguon.alerts.models import Alert
from nguon.alerts.scores import Row, Tally
from nguon.devices import channels
from nguon.kit import clock
from nguon.people.models import Person


def workbook(alert: Alert, person: Person) -> IO[bytes]:
    """The workbook, to be read from its beginning; closed, it is gone."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 13})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss.000"})
    _places(book, (title, head), alert, person)
    _clusters(book, (head, moment), alert, scores.rows(alert, person))
    book.close()
    out.seek(0)
    return out


def _places(book: Any, styles: tuple[Any, Any], alert: Alert, person: Person) -> None:
    page = book.add_worksheet(_("Theo địa bàn"))
    page.set_column(0, 0, 44)
    page.set_column(1, 6, 16)
    drill = _("Diễn tập") if alert.drill else _("Cảnh báo thật")
    page.write_string(0, 0, f"{alert.headline} ({drill})", styles[0])
    heads = (
        _("Địa bàn"),
        _("Cụm loa"),
        _("Đã nhận"),
        _("Đã phát"),
        _("Đã phát (%)"),
        _("Nửa số cụm phát sau (giây)"),
        _("Cụm cuối phát sau (giây)"),
    )
    for column, words in enumerate(heads):
        page.write_string(2, column, words, styles[1])
    page.freeze_panes(3, 1)
    found = scores.score(alert, person)
    if found:
        others = [(channels.label(kind), tally) for kind, tally in found.others]
        for row, (where, tally) in enumerate([*found.places, (_("Tất cả"), found.whole), *others], 3):
            _line(page, row, where, tally)


def _line(page: Any, row: int, where: str, tally: Tally) -> None:
    page.write_string(row, 0, where)
    for column, number in enumerate((tally.devices, tally.received, tally.sounded, tally.share), 1):
        page.write_number(row, column, number)
    for column, seconds in ((5, tally.median), (6, tally.last)):
        if seconds is not None:
            page.write_number(row, column, round(seconds, 2))


def _clusters(book: Any, styles: tuple[Any, Any], alert: Alert, found: list[Row]) -> None:
    page = book.add_worksheet(_("Từng cụm loa"))
    page.set_column(0, 1, 36)
    page.set_column(2, 4, 22)
    page.set_column(5, 5, 60)
    heads = (_("Cụm loa"), _("Địa bàn"), _("Nhận lúc"), _("Phát lúc"), _("Sau (giây)"), _("Lý do"))
    for column, words in enumerate(heads):
        page.write_string(0, column, words, styles[0])
    page.freeze_panes(1, 1)
    for line, row in enumerate(sorted(found, key=lambda one: (one.where, one.name)), 1):
        page.write_string(line, 0, row.name)
        page.write_string(line, 1, row.where)
        for column, at in ((2, row.received), (3, row.started)):
            if at is not None:
                page.write_datetime(line, column, at.astimezone(clock.LOCAL), styles[1])
        if row.after is not None:
            page.write_number(line, 4, round(row.after, 2))
        else:
            page.write_string(line, 5, row.words)
