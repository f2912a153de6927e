"""How answers of cases speak for themselves towards review. Named in settings."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.feedback.models import Answer
from nguon.review.subjects import Shown, Standing


class CaseAnswer:
    """The subject `feedback.answer`."""

    personal = True

    def standing(self, pk: UUID) -> Standing | None:
        """Its digest while it is the newest wording of its case and was not given yet. There is no sound."""
        answer = Answer.objects.filter(pk=pk).first()
        if answer is None or answer.sent_at is not None:
            return None
        wordings = Answer.objects.filter(case=answer.case_id)
        if wordings.filter(number__gt=answer.number).exists():
            return None
        authors = frozenset(wordings.values_list("created_by", flat=True))
        return Standing(answer.digest, answer.digest, authors)

    def url(self, pk: UUID) -> str:
        """The page of the answer."""
        return reverse("feedback:answer", args=[Answer.objects.values_list("case", flat=True).get(pk=pk)])

    def shown(self, pk: UUID) -> Shown:
        """What was told, and the answer to it."""
        answer = Answer.objects.select_related("case__place", "case__field", "case__office", "created_by").get(pk=pk)
        context = {
            "answer": answer,
            "case": answer.case,
            "text_hash": answer.digest,
            "media_hash": answer.digest,
            "go": _("Mở câu trả lời để gửi đi"),
            "back": _("Xem phản ánh và toàn bộ quá trình"),
        }
        return Shown("feedback/reviewed.html", context)
