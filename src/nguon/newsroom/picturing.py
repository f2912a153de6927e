"""Pictures that come while a bulletin is written, and a look at them: nothing of the bulletin is saved here."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon.kit import clock
from nguon.media import pictures as media
from nguon.media.errors import PictureRefused
from nguon.newsroom import pictures, queries
from nguon.people.asking import person_of


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """A picture of the form, made small and kept: the mark that names it from now on, or why it was refused."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    upload = request.FILES.get("picture")
    if upload is None:
        return JsonResponse({"error": _("Chưa nhận được ảnh. Hãy chọn lại.")}, status=422)
    try:
        kept = media.take_in(upload=upload, now=clock.now())
    except PictureRefused as error:
        return JsonResponse({"error": str(error)}, status=422)
    mark = pictures.mark(person, kept.file.sha256)
    return JsonResponse({"mark": mark, "url": reverse("newsroom:picture", args=[mark])})


@require_safe
def look(request: HttpRequest, mark: str) -> HttpResponse:
    """A picture, small, for whoever was given its mark."""
    file = pictures.marked(person_of(request), mark)
    if file is None:
        raise Http404
    data, _size = media.small(file.sha256)
    kept = {"Cache-Control": "private, max-age=86400"}
    return HttpResponse(data, content_type=media.MIME, headers=kept)
