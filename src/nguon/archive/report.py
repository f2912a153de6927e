"""The report of an import as a sheet."""

import csv
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from nguon.archive import queries, rules
from nguon.archive.models import Batch, Item


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def sheet(batch: Batch) -> Iterator[str]:
    """The rows as CSV, one string a line, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo())
    line: Any = writer.writerow
    yield "\ufeff"
    yield line(
        [_("Thư mục"), _("Tên tệp"), _("Dung lượng (byte)"), _("Kết quả"), _("Lý do"), _("Bản thu"), _("Ngày thu")]
    )
    for item in queries.items(batch).iterator(chunk_size=1000):
        yield line([rules.cell(value) for value in _row(item)])


def _row(item: Item) -> list[object]:
    recording = item.recording
    when = rules.period(recording.recorded_on, recording.recorded_until) if recording else ""
    state = Item.State(item.state).label
    return [item.folder, item.name, item.size, state, item.reason, recording.title if recording else "", when]
