"""The living style page: every part of the interface with real words. Served only with NGUON_DEBUG=1."""

import io
import math
import struct
import wave
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


@login_not_required
def kit_sound(request: HttpRequest) -> HttpResponse:
    """Three seconds of a soft tone that comes and goes, as WAV, 8 kHz, 16 bits, mono."""
    rate = 8000
    samples = [round(9000 * _swell(n / rate) * math.sin(2 * math.pi * 330 * n / rate)) for n in range(3 * rate)]
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return HttpResponse(file.getvalue(), content_type="audio/wav")


@login_not_required
def kit_song(request: HttpRequest) -> HttpResponse:
    """Its waveform: one byte for each hundredth of it, 0 at −48 dBFS and less, 255 at 0 dBFS."""
    levels = (20 * math.log10(max(1e-6, 0.27 * _swell(3 * part / 100))) for part in range(100))
    heights = bytes(round(255 * min(1.0, max(0.0, 1 + level / 48))) for level in levels)
    return HttpResponse(heights, content_type="application/octet-stream")


def _swell(seconds: float) -> float:
    """How loud the tone is at a moment, 0–1: five swells with pauses between them."""
    return math.sqrt(max(0.0, math.sin(2 * math.pi * seconds / 1.2)))
