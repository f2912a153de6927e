"""The living style page: every part of the interface with real words. Served only with NGUON_DEBUG=1."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nguon.kit import clock
from nguon.ui import drawing
from nguon.ui.forms import KitForm


@login_not_required
def kit(request: HttpRequest) -> HttpResponse:
    """All parts on one page."""
    now = clock.now()
    context = {
        "icons": drawing.names(),
        "good": KitForm(initial={"title": "Lịch tiêm phòng dại cho chó, mèo đợt 2 năm 2026"}),
        "wrong": KitForm({"title": "", "channels": ["radio"]}),
        "page": Paginator(range(95), 20).get_page(request.GET.get("page", 2)),
        "soon": now + timedelta(hours=2),
        "just": now - timedelta(minutes=5),
        "yesterday": now - timedelta(days=1),
        "long_ago": now - timedelta(days=40),
        "shares": [
            ("ok", 14, "Đã phát xong"),
            ("busy", 6, "Đang phát"),
            ("wait", 3, "Chưa nhận"),
            ("bad", 1, "Không phát được"),
        ],
    }
    return render(request, "ui/kit.html", context)


@login_not_required
def kit_bare(request: HttpRequest) -> HttpResponse:
    """The frame of the sign-in page."""
    return render(request, "ui/kit_bare.html", {"form": KitForm()})
