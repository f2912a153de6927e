"""Light marks to HTML: what officers write comes out, and nothing that anybody else would like to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.portal.markup import html

ELEMENTS = re.compile(r"<(/?[a-z0-9]+)((?:\s[^<>]*)?)>")
KNOWN = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "div"}
KNOWN |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = re.compile(r'(?: (?:href|title)="[^"<>]*"| scope="col"| start="\d+"| class="scroll-x"| /)*')
LINKS = re.compile(r'href="(?!https?://|mailto:|tel:)', re.IGNORECASE)


def safe(made: str) -> bool:
    """Only known elements with known attributes, no other mark of HTML, no other kind of link."""
    for name, attributes in ELEMENTS.findall(made):
        if name.lstrip("/") not in KNOWN or not ATTRIBUTES.fullmatch(attributes):
            return False
    return "<" not in ELEMENTS.sub("", made) and not LINKS.search(made)


def test_what_officers_write_comes_out() -> None:
    made = html(
        "# Lịch tiếp dân\nThứ Ba\nThứ Năm\n\n- một\n- **hai**\n\n| Ngày | Người |\n|---|:-:|\n| 5 | Chủ tịch |\n"
    )
    assert "<h2>Lịch tiếp dân</h2>" in made, "the title of the page is its first heading"
    assert "Thứ Ba<br />" in made, "a line of the writer stays a line"
    assert "<li><strong>hai</strong></li>" in made
    assert '<th scope="col">Ngày</th>' in made
    assert '<div class="scroll-x"><table>' in made
    assert "style" not in made, "the policy of pages refuses it"


def test_headings_go_no_deeper_than_the_fourth() -> None:
    assert html("#### Sâu").strip() == "<h4>Sâu</h4>"


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("[một cửa](https://dichvucong.gov.vn/?a=1&b=2)", "https://dichvucong.gov.vn/?a=1&amp;b=2"),
        ("[thư](mailto:xa@tuyphuoc.example)", "mailto:xa@tuyphuoc.example"),
        ("[gọi](tel:+84256000001)", "tel:+84256000001"),
        ("<http://tuyphuoc.example>", "http://tuyphuoc.example"),
    ],
)
def test_links_lead_to_the_web_to_mail_and_to_a_telephone(written: str, link: str) -> None:
    assert f'href="{link}"' in html(written)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "a <b onmouseover=alert(1)>b</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](javascript&#58;alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox(1))",
        "[x](//evil.example)",
        "[x](/trang-xa/)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](https://evil.example/track.png)",
        '[x](https://a.example/"onmouseover="alert(1))',
        "[x](https://a.example '\"><script>alert(1)</script>')",
        "<!-- --><script>1</script>",
        "<style>*{display:none}</style>",
        "```html\n<script>1</script>\n```",
        "    <script>1</script>",
        "| <script>1</script> |\n|---|\n| <iframe src=//e> |",
        "# <script>1</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\x00<script>1</script>",
    ],
)
def test_nothing_hostile_comes_through(hostile: str) -> None:
    made = html(hostile)
    assert safe(made), made
    assert "<script" not in made
    assert "<img" not in made


@given(st.text(alphabet=st.sampled_from("<>\"'&;:/\\()[]!#*_|-`~ =\n\tascriptjvhefond&#0x3A"), max_size=120))
def test_whatever_is_typed_is_safe(text: str) -> None:
    made = html(text)
    assert safe(made), made


def test_the_judge_itself_sees_what_is_not_safe() -> None:
    for bad in ("<script>", '<a href="javascript:x">', '<p onclick="x">', "a < b", "<img>", '<div class="x">'):
        assert not safe(bad), bad
