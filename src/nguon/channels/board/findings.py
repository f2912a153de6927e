"""What was found about a page, in words for the officer who writes it: what it is, and what to do."""

from django.utils.translation import gettext

from nguon.channels.board.readability import Finding, Kind
from nguon.kit.words import gettext_noop

WORDS = {
    Kind.EMPTY: gettext_noop("Chưa có chữ nào để hiện."),
    Kind.NO_ISSUER: gettext_noop("Chưa ghi đơn vị ban hành. Người xem cần biết tin của ai: hãy chọn ở phần Thông tin."),
    Kind.TOO_MUCH: gettext_noop(
        "Đọc hết mất khoảng %(minutes)s phút, ít ai đứng lại lâu như vậy. Nên rút còn chừng %(most)s chữ (đang có "
        "%(words)s), hoặc chia thành nhiều bản tin."
    ),
    Kind.LONG_TITLE: gettext_noop(
        "Tên bản tin dài %(letters)s chữ cái, trên bảng sẽ nhỏ hoặc xuống nhiều dòng. Nên đặt tên ngắn hơn, dưới "
        "%(most)s chữ cái."
    ),
    Kind.LONG_WORD: gettext_noop(
        "Cụm “%(word)s” dài %(letters)s chữ cái liền nhau, không vừa một dòng trên màn %(width)s×%(height)s. Nên thêm "
        "dấu cách, hoặc thay địa chỉ trang web bằng lời."
    ),
    Kind.CAPITALS: gettext_noop(
        "“%(words)s” viết toàn chữ hoa nên đọc chậm và khó phân biệt dấu. Nên viết chữ thường, chỉ viết hoa đầu câu và "
        "tên riêng."
    ),
    Kind.CONTRAST: gettext_noop(
        "Màu chữ và màu nền quá gần nhau (%(ratio)s, cần ít nhất %(least)s), đứng xa không đọc được. Nên chọn lại màu."
    ),
    Kind.PASSES_SLOWLY: gettext_noop(
        "Trên bảng LED, mỗi lúc chỉ thấy khoảng %(letters)s chữ cái; chạy hết một lượt mất %(seconds)s giây. Nếu phát "
        "ở bảng LED thì nên soạn một câu ngắn riêng."
    ),
}


def say(finding: Finding) -> str:
    """One finding in the language of the page it stands on."""
    return gettext(WORDS[finding.kind]) % finding.facts
