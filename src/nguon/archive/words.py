"""The words of the archive for people: states with their badges, lengths, fields that are guessed."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.archive.models import Batch, Item

BATCHES: dict[str, str] = {  # kind of badge
    Batch.State.COLLECTING: "wait",
    Batch.State.LISTING: "busy",
    Batch.State.RUNNING: "busy",
    Batch.State.PAUSED: "warn",
    Batch.State.DONE: "ok",
    Batch.State.CANCELLED: "off",
}
ITEMS: dict[str, str] = {
    Item.State.WAITING: "wait",
    Item.State.WORKING: "busy",
    Item.State.DONE: "ok",
    Item.State.DUPLICATE: "info",
    Item.State.SKIPPED: "off",
    Item.State.FAILED: "bad",
}
LENGTHS: dict[str, Promise | str] = {
    "short": _("Dưới 3 phút"),
    "middle": _("3 đến 15 phút"),
    "long": _("15 đến 45 phút"),
    "longest": _("Trên 45 phút"),
}
GUESSED: dict[str, Promise | str] = {
    "recorded": _("Ngày thu"),
    "programme": _("Chương trình"),
    "category": _("Thể loại"),
    "speaker": _("Người nói"),
    "place": _("Địa bàn"),
}
