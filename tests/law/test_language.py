"""Vietnamese first, every sentence translatable, English complete."""

import ast
import gettext
import re
from pathlib import Path

import pytest

from tests.law import code, sentences
from tests.law.sentences import Entry, Sentence

LETTERS = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
NAMES = re.compile(r"\bNguồn\b")  # the name of the product is the same in every language
MARKS = re.compile(r"^_$|^n?p?gettext(_lazy|_noop)?$|^translate$")
# Where Vietnamese is the matter itself and not the interface, with the reason.
MATTER = {
    "speech": "the reader of Vietnamese",
    "archive/lore.py": "how stations call what they keep",
    "plugs/transcribers/loud.py": "what the twin of a recogniser hears",
    "cli": "a terminal has one language at a time: both stand beside each other",
    "config/demo": "the demonstration district",
    "wire": "examples of messages",
    "media/readings/rules.py": "words for figures and of denial, looked for in what is said",
    "kit/text.py": "letters to be folded",
    "feedback/personal.py": "how people are addressed in what they write",
    "plugs/voices/piper.py": "a sentence by which a voice is measured",
    "ui/views.py": "the style page, served with NGUON_DEBUG=1 only",
    "ui/forms.py": "the form of the style page",
    "config/settings.py": "names of languages, each in its own",
}
CATALOGUE = code.PACKAGE / "locale/en/LC_MESSAGES/django"
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[a-z]|%[a-z]|\{\w*\}")
# Vietnamese that stays in English: names, and words that are kept as they are typed.
KEPT = re.compile(r"Cụm loa thôn Tùng Giản|Phước Thuận|Hrê|xã, phường, thị trấn, thôn, khu phố|^thôn$")


def is_matter(path: Path) -> bool:
    inside = str(path.relative_to(code.PACKAGE))
    return any(inside == part or inside.startswith(f"{part}/") for part in MATTER)


def vietnamese(text: str) -> bool:
    return bool(LETTERS.search(NAMES.sub("", text)))


@pytest.mark.parametrize("part", MATTER)
def test_no_exception_is_left_over(part: str) -> None:
    assert (code.PACKAGE / part).exists()


@pytest.mark.parametrize("room", sorted({p.relative_to(code.PACKAGE).parts[0] for p in code.python("src")}))
def test_every_vietnamese_string_goes_through_gettext(room: str) -> None:
    found = []
    for path in code.python(f"src/nguon/{room}"):
        if not is_matter(path):
            found += [f"{code.name(path)}:{line} {text[:60]!r}" for line, text in unmarked(code.tree(path))]
    assert found == [], "\n".join(found)


def unmarked(module: ast.Module) -> list[tuple[int, str]]:
    """Vietnamese strings that are neither docstrings nor inside a call that marks them for translation."""
    marked = {
        id(inner)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and MARKS.match(sentences.called(node))
        for inner in ast.walk(node)
    }
    marked |= {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    marked |= {id(node.value) for node in ast.walk(module) if _is_app_label(node) and isinstance(node, ast.Assign)}
    constants = (node for node in ast.walk(module) if isinstance(node, ast.Constant) and id(node) not in marked)
    return [(n.lineno, n.value) for n in constants if isinstance(n.value, str) and vietnamese(n.value)]


def _is_app_label(node: ast.AST) -> bool:
    """`verbose_name` of an app is shown nowhere: there is no admin."""
    return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verbose_name"


SHOWN = [page for page in code.templates() if not page.name.startswith("kit")]  # the style page is for engineers


@pytest.mark.parametrize("page", SHOWN, ids=code.name)
def test_every_vietnamese_word_of_a_page_is_translated(page: Path) -> None:
    assert [line for line in bare(page.read_text()) if vietnamese(line)] == []


def bare(text: str) -> list[str]:
    """What of a template is neither comment nor marked for translation."""
    gone = (
        r"\{#.*?#\}",
        r"(?s)\{%-?\s*comment\b.*?endcomment\s*%\}",
        r"(?s)\{%\s*blocktrans(late)?\b.*?\{%\s*endblocktrans(late)?\s*%\}",
        r"\{%\s*trans(late)?\s+(\"[^\"]*\"|'[^']*').*?%\}",
        r"_\((\"[^\"]*\"|'[^']*')\)",
    )
    for pattern in gone:
        text = re.sub(pattern, "", text)
    return text.splitlines()


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ('{% translate "Gửi duyệt" %} <b>ok</b>', True),
        ("{% blocktranslate %}Còn {{ n }} bản\ntin{% endblocktranslate %}", True),
        ('{% note "x" _("Đã lưu") %}{# chú thích #}', True),
        ("Nguồn", True),
        ("<b>Gửi duyệt</b>", False),
        ('<a title="Gửi duyệt">', False),
        ('{% note "Đã lưu" %}', False),
    ],
)
def test_the_law_itself_reads_templates(source: str, clean: bool) -> None:
    assert any(map(vietnamese, bare(source))) is not clean


ENGLISH = sentences.entries(CATALOGUE.with_suffix(".po"))
HEAD, BODY = ENGLISH[0], ENGLISH[1:]


def shown(found: set[Sentence]) -> str:
    return "\n".join(["run `make words` and fill what it names:", *sorted(one.one for one in found)])


def test_every_sentence_has_english_and_none_is_left_over() -> None:
    wanted, have = sentences.collected(), {one.sentence for one in BODY}
    assert wanted - have == set(), shown(wanted - have)
    assert have - wanted == set(), shown(have - wanted)


def test_nothing_is_empty_or_guessed() -> None:
    assert [one.sentence.one for one in BODY if not all(one.forms) or "fuzzy" in one.flags] == []


def test_what_is_counted_has_both_forms() -> None:
    assert "nplurals=2; plural=(n != 1);" in HEAD.forms[0]
    assert [one.sentence.one for one in BODY if len(one.forms) != (2 if one.sentence.many else 1)] == []
    assert sum(one.sentence.many != "" for one in BODY) > 5


def faults(one: Entry) -> set[str]:
    """What is wrong with a translation, as far as a machine can see."""
    said, found = one.sentence.one, set()
    for form in one.forms:
        if sorted(PLACEHOLDER.findall(form)) != sorted(PLACEHOLDER.findall(said)):
            found.add("other placeholders")
        if vietnamese(KEPT.sub("", form)):
            found.add("Vietnamese left over")
        if said[:1].isupper() and form[:1].islower() and not form.startswith("eSpeak"):
            found.add("a small letter at the start")
        if form.endswith(".") != said.endswith("."):
            found.add("another end")
    return found


def test_english_fits_the_vietnamese() -> None:
    assert {one.sentence.one: faults(one) for one in BODY if faults(one)} == {}


@pytest.mark.parametrize(
    ("said", "form", "found"),
    [
        ("Còn %(n)s loa.", "%(n)s left.", set()),
        ("Còn %(n)s loa.", "%(m)s left.", {"other placeholders"}),
        ("Mã {code}", "Code", {"other placeholders"}),
        ("Thêm thôn", "Add thôn", {"Vietnamese left over"}),
        ("Lưu", "save", {"a small letter at the start"}),
        ("Đã lưu.", "Saved", {"another end"}),
    ],
)
def test_the_law_itself_sees_faults(said: str, form: str, found: set[str]) -> None:
    assert faults(Entry(Sentence("", said), [form])) == found


def test_the_catalogue_does_not_churn() -> None:
    lines = CATALOGUE.with_suffix(".po").read_text().splitlines()
    assert [line for line in lines if line.startswith(("#:", "#~", '"POT-Creation-Date'))] == []


def test_the_compiled_catalogue_is_current() -> None:
    written: dict[object, str] = {}
    for one in ENGLISH:
        key = one.sentence.key
        written |= {(key, n): form for n, form in enumerate(one.forms)} if one.sentence.many else {key: one.forms[0]}
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file)._catalog == written  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("_('Lưu')", Sentence("", "Lưu")),
        ("gettext_noop('Còn ' 'lại')", Sentence("", "Còn lại")),
        ("translation.pgettext_lazy('role', 'Duyệt')", Sentence("role", "Duyệt")),
        ("ngettext('%(n)s loa', '%(n)s cái loa', n)", Sentence("", "%(n)s loa", "%(n)s cái loa")),
        ("npgettext('x', 'một', 'nhiều', n)", Sentence("x", "một", "nhiều")),
        ("_(voice.name)", None),
        ("print('Lưu')", None),
    ],
)
def test_the_law_itself_reads_code(source: str, found: Sentence | None) -> None:
    assert list(sentences.in_python(ast.parse(source))) == ([found] if found else [])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Lưu" %}', Sentence("", "Lưu")),
        ('{% confirm url _("Xóa") %}', Sentence("", "Xóa")),
        ('{{ flag|yesno:_("Có,Không") }}', Sentence("", "Có,Không")),
        ('{% translate "Duyệt" context "role" %}', Sentence("role", "Duyệt")),
        ("{% blocktranslate with n=a %}Còn {{ n }}{% endblocktranslate %}", Sentence("", "Còn %(n)s")),
        (
            "{% blocktranslate count n=a %}{{ n }} loa{% plural %}{{ n }} cái{% endblocktranslate %}",
            Sentence("", "%(n)s loa", "%(n)s cái"),
        ),
        ("<b>Lưu</b>", None),
    ],
)
def test_the_law_itself_reads_pages(source: str, found: Sentence | None) -> None:
    assert list(sentences.in_page(source)) == ([found] if found else [])
