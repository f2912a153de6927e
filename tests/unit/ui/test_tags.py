"""The template tags, rendered as in a page."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from nguon.kit import clock
from nguon.ui import drawing
from nguon.ui.forms import KitForm


def render(source: str, **context: object) -> str:
    """The source rendered with the product's template engine, without line breaks."""
    return engines["django"].from_string(source).render(context).replace("\n", "")


def test_icon_is_hidden_or_named() -> None:
    assert 'aria-hidden="true"' in render('{% icon "play" %}')
    named = render('{% icon "play" label %}', label="Nghe <thử>")
    assert 'role="img" aria-label="Nghe &lt;thử&gt;"' in named
    assert "aria-hidden" not in named


def test_unknown_icon_is_an_error() -> None:
    with pytest.raises(drawing.UnknownIcon):
        drawing.svg("no-such")


def test_every_drawing_is_a_plain_svg() -> None:
    assert len(drawing.names()) >= 40
    for name in drawing.names():
        source = (drawing.FOLDER / f"{name}.svg").read_text()
        assert re.fullmatch(r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="[0-9 ]+"[^>]*>.*</svg>\n', source), (
            name
        )
        assert "<script" not in source
        assert "style" not in source


def test_badges_differ_by_shape() -> None:
    shapes = {kind: render("{% badge 'x' kind %}", kind=kind) for kind in ("ok", "busy", "wait", "warn", "bad", "off")}
    drawn = {re.sub(r"badge-\w+", "", source) for source in shapes.values()}
    assert len(drawn) == len(shapes)


def test_badge_escapes_and_refuses() -> None:
    assert "&lt;b&gt;" in render('{% badge words "ok" %}', words="<b>")
    with pytest.raises(ValueError):
        render('{% badge "x" "green" %}')


def test_field_ties_help_and_error_to_the_control() -> None:
    form = KitForm({"title": ""})
    source = render("{% field form.title %}", form=form)
    control = re.search(r"<input[^>]*>", source)
    assert control
    assert 'aria-describedby="id_title-hint id_title-error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert 'id="id_title-hint"' in source
    assert 'id="id_title-error"' in source
    assert "bắt buộc" in source
    assert '<label class="label" for="id_title">' in source


def test_optional_field_has_no_mark() -> None:
    assert "bắt buộc" not in render("{% field form.starts %}", form=KitForm())


def test_a_set_has_a_legend() -> None:
    source = render("{% field form.channels %}", form=KitForm())
    assert source.startswith('<fieldset class="field">')
    assert "<legend" in source


def test_rows_and_hint_can_be_given() -> None:
    source = render("{% field form.body rows=12 hint='Như nói với bà con.' %}", form=KitForm())
    assert 'rows="12"' in source
    assert "Như nói với bà con." in source


def test_errors_name_each_field() -> None:
    source = render("{% errors form %}", form=KitForm({}))
    assert 'role="alert"' in source
    assert '<a href="#id_title">Tiêu đề</a>' in source
    assert render("{% errors form %}", form=KitForm()).strip() == ""


def test_user_text_in_errors_is_escaped() -> None:
    class Refusing(forms.Form):
        name = forms.CharField(label="Tên")

        def clean_name(self) -> str:
            raise forms.ValidationError(f"Tên sai: {self.cleaned_data['name']}")

    form = Refusing({"name": "<script>"})
    assert "<script>" not in render("{% errors form %}{% field form.name %}", form=form)


def test_times() -> None:
    past = clock.now() - timedelta(minutes=5, seconds=30)
    assert ">5 phút trước</time>" in render("{% ago at %}", at=past)
    assert f'datetime="{past.isoformat()}"' in render("{% when at %}", at=past)
    assert render("{% when at %}{% ago at %}{% duration at %}{% size at %}", at=None) == ""


def test_pager_keeps_the_filter() -> None:
    request = RequestFactory().get("/", {"page": "2", "q": "cắt điện"})
    page = Paginator(range(95), 20).get_page(2)
    source = render("{% pager page %}", page=page, request=request)
    assert "Trang 2 / 5" in source
    assert 'href="?page=3&amp;q=c%E1%BA%AFt+%C4%91i%E1%BB%87n"' in source
    assert render("{% pager page %}", page=Paginator(range(3), 20).get_page(1), request=request).strip() == ""


def test_steps() -> None:
    source = render('{% steps "review" %}')
    assert source.count("step-done") == 2
    assert source.count('aria-current="step"') == 1
    assert render('{% steps "played" %}').count("step-done") == 5
    assert "Bị trả lại" in render('{% steps "review" failed="Bị trả lại" %}')


def test_confirm_is_one_form_with_a_token() -> None:
    source = render(
        '{% confirm "/dung/" "Dừng" "Dừng ngay?" kind="danger" %}<input name="reason">{% endconfirm %}',
        csrf_token="token",
    )
    name = re.search(r'data-confirm="([\w-]+)"', source)
    assert name
    assert f'<dialog class="dialog" id="{name[1]}"' in source
    assert f'form="{name[1]}-form"' in source
    assert 'action="/dung/"' in source
    assert 'value="token"' in source
    assert '<input name="reason">' in source


def test_two_confirms_do_not_collide() -> None:
    source = render('{% confirm "/a/" "x" "?" %}{% endconfirm %}{% confirm "/b/" "x" "?" %}{% endconfirm %}')
    names = re.findall(r'<dialog class="dialog" id="([\w-]+)"', source)
    assert len(set(names)) == 2


def test_note_escapes_its_title_and_keeps_its_body() -> None:
    source = render('{% note "bad" title %}<p>{{ words }}</p>{% endnote %}', title="<b>", words="<i>")
    assert "&lt;b&gt;" in source
    assert "<p>&lt;i&gt;</p>" in source


def test_shares_fill_the_bar() -> None:
    source = render("{% shares rows %}", rows=[("ok", 1, "Xong"), ("bad", 2, "Hỏng"), ("off", 0, "Không")])
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', source)]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert "Không" not in source


def test_shares_of_nothing() -> None:
    assert "<rect" not in render("{% shares rows %}", rows=[("ok", 0, "Xong")])


def test_tab_says_where_one_is() -> None:
    assert 'aria-current="page"' in render('{% tab "/x" "Tất cả" active=True count=3 %}')
    assert "aria-current" not in render('{% tab "/x" "Tất cả" %}')


def test_player_and_recorder() -> None:
    page = SimpleNamespace(url="/am-thanh/1")
    source = render('{% player page.url "Bản nghe thử" 80000 %}', page=page)
    assert 'src="/am-thanh/1"' in source
    assert "1 phút 20 giây" in source
    assert 'data-input="#id_sound"' in render('{% recorder "#id_sound" %}')
    assert 'data-minutes="60"' in render('{% recorder "#id_sound" %}')


@pytest.mark.urls("nguon.ui.urls")
def test_a_player_knows_its_waveform_where_there_is_one() -> None:
    assert 'data-peaks="/am-thanh/song"' in render("{% player url %}", url="/am-thanh")
    assert "data-peaks" not in render("{% player url %}", url="/khac")
    assert "data-peaks" not in render('{% player "" %}')


def test_a_player_asks_nothing_before_where_its_length_is_known() -> None:
    assert 'preload="none"' in render("{% player url '' 3000 %}", url="/x")
    assert 'preload="none"' in render("{% player url lazy=True %}", url="/x")
    assert 'preload="metadata"' in render("{% player url %}", url="/x")
