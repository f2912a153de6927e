"""What keeps people from reading an article on a telephone, in words for the officer who writes it."""

from django.utils.translation import gettext

from nguon.channels.site.document import Article
from nguon.kit.text import quoted, shouted
from nguon.kit.words import gettext_noop

MOST_TITLE = 110  # letters: more fill the screen of a telephone before anything is said
MOST_PARAGRAPH = 700  # letters: more is a wall of words on a telephone
LONG_WORD = 40  # letters in a row that no narrow screen breaks well

NO_TEXT = gettext_noop(
    "Bài chỉ có tên, chưa có chữ. Người khiếm thính và máy tìm kiếm chỉ đọc được chữ: nên chép lời vào nội dung."
)
NO_ISSUER = gettext_noop("Chưa ghi đơn vị ban hành. Người xem cần biết tin của ai: hãy chọn ở phần Thông tin.")
LONG_TITLE = gettext_noop(
    "Tên bản tin dài %(letters)s chữ cái, trên điện thoại sẽ chiếm gần hết màn hình. Nên đặt tên ngắn hơn, dưới "
    "%(most)s chữ cái."
)
LONG_PARAGRAPH = gettext_noop(
    "Đoạn bắt đầu “%(words)s” dài %(letters)s chữ cái. Nên ngắt thành các đoạn ngắn, mỗi đoạn một ý; để một dòng trống "
    "giữa hai đoạn."
)
CAPITALS = gettext_noop(
    "“%(words)s” viết toàn chữ hoa nên đọc chậm và khó phân biệt dấu. Nên viết chữ thường, chỉ viết hoa đầu câu và "
    "tên riêng."
)
RUN = gettext_noop(
    "“%(words)s” dài %(letters)s chữ cái liền nhau, điện thoại phải bẻ ngang. Nếu là địa chỉ trang web thì nên đặt vào "
    "ô Đường dẫn xem thêm."
)


def remarks(shown: Article) -> tuple[str, ...]:
    """What may keep people from taking it in, the gravest first; empty if nothing does."""
    found: list[tuple[str, dict[str, object]]] = []
    if not shown.text:
        found.append((NO_TEXT, {}))
    if not shown.issuer:
        found.append((NO_ISSUER, {}))
    if len(shown.title) > MOST_TITLE:
        found.append((LONG_TITLE, {"letters": len(shown.title), "most": MOST_TITLE}))
    if (longest := max(shown.text, key=len, default="")) and len(longest) > MOST_PARAGRAPH:
        found.append((LONG_PARAGRAPH, {"words": quoted(longest), "letters": len(longest)}))
    if loud := [part for part in (shown.title, *shown.text) if shouted(part)]:
        found.append((CAPITALS, {"words": quoted(loud[0])}))
    runs = (word for part in (shown.title, *shown.text) for word in part.split())
    if (run := max(runs, key=len, default="")) and len(run) > LONG_WORD:
        found.append((RUN, {"words": quoted(run), "letters": len(run)}))
    return tuple(gettext(words) % facts for words, facts in found)
