"""How things are said, by kind. Every entry is one way a commune writes it."""

import pytest

from nguon.speech import read, sentences

CASES = {
    "numbers": {
        "1.000 hộ": "một nghìn hộ",
        "2.005 em": "hai nghìn không trăm linh năm em",
        "1.000.000.000.000 đồng": "một nghìn tỷ đồng",
        "2,5 và 0,25 và 0,05": "hai phẩy năm và không phẩy hai mươi lăm và không phẩy không năm",
        "05 mô hình": "năm mô hình",
        "-2°C": "âm hai độ xê",
        "lần thứ 1, thứ 4": "lần thứ nhất, thứ tư",
    },
    "dates": {
        "Sáng 12/5, chiều 3/4": "Sáng mười hai tháng năm, chiều ba tháng tư",
        "từ 1/6 đến 5/6": "từ một tháng sáu đến năm tháng sáu",
        "tháng 1-3/2025": "tháng một đến ba năm hai nghìn không trăm hai mươi lăm",
        "quý III/2025": "quý ba năm hai nghìn không trăm hai mươi lăm",
        "năm học 2024-2025": "năm học hai nghìn không trăm hai mươi tư hai nghìn không trăm hai mươi lăm",
        "thứ 2-6 hằng tuần": "thứ hai đến sáu hằng tuần",
    },
    "times": {
        "7:30": "bảy giờ ba mươi",
        "07h00": "bảy giờ",
        "7h5": "bảy giờ không năm phút",
        "19h-21h": "mười chín giờ đến hai mươi mốt giờ",
        "6-8h": "sáu đến tám giờ",
        "trực 24/7": "trực hai mươi tư trên bảy",
    },
    "amounts": {
        "25.000đ/kg": "hai mươi lăm nghìn đồng một ki lô gam",
        "2tr5": "hai triệu năm trăm nghìn",
        "5-7 triệu đồng/tháng": "năm đến bảy triệu đồng một tháng",
        "30 tấn/ha": "ba mươi tấn trên héc ta",
        "tăng 12,5%/năm": "tăng mười hai phẩy năm phần trăm một năm",
        "1,5m x 2m": "một phẩy năm mét nhân hai mét",
        "số nhà 12A, cầu chì 10A": "số nhà mười hai a, cầu chì mười am pe",
    },
    "figures": {
        "ĐTDĐ: 0912.345.678": "điện thoại di động: không chín một hai ba bốn năm sáu bảy tám",
        "gọi 119 hoặc 114": "gọi một một chín hoặc một một bốn",
        "gọi 200 công dân": "gọi hai trăm công dân",
        "+84 905 123 456": "cộng tám bốn chín không năm một hai ba bốn năm sáu",
        "MST: 4100123456-001": "mã số thuế: bốn một không không một hai ba bốn năm sáu không không một",
        "77C1-123.45": "bảy bảy xê một một hai ba bốn năm",
    },
    "codes": {
        "49/2024/NĐ-CP": "bốn mươi chín năm hai nghìn không trăm hai mươi tư, nghị định chính phủ",
        "567/STTTT-BCVT": "năm trăm sáu mươi bảy, sở thông tin và truyền thông bưu chính viễn thông",
        "12-KH/ĐU": "mười hai, kế hoạch đảng ủy",
        "Số: /QĐ-UBND": "Số: quyết định ủy ban nhân dân",
    },
    "abbreviations": {
        "TP. Quy Nhơn, TX An Nhơn, TT Tuy Phước": "thành phố Quy Nhơn, thị xã An Nhơn, thị trấn Tuy Phước",
        "TT Y tế": "trung tâm Y tế",
        "Hội ND xã": "Hội nông dân xã",
        "của UBND. Hôm nay": "của ủy ban nhân dân. Hôm nay",
        "CT UBND, theo CT 135": "chủ tịch ủy ban nhân dân, theo chương trình một trăm ba mươi lăm",
    },
    "roman": {
        "quý I, II và III": "quý một, hai và ba",
        "thế kỷ XX-XXI": "thế kỷ hai mươi đến hai mươi mốt",
        "III/ KẾT QUẢ": "ba, kết quả",
        "VI PHẠM, XI MĂNG": "vi phạm, xi măng",
    },
    "ratios": {
        "3/4 số hộ": "ba phần tư số hộ",
        "15/20 chỉ tiêu": "mười lăm trên hai mươi chỉ tiêu",
        "tỉ lệ 1/10.000": "tỉ lệ một trên mười nghìn",
        "35/7 Nguyễn Huệ": "ba mươi lăm xuyệt bảy Nguyễn Huệ",
        "tỷ số 2-1": "tỷ số hai một",
    },
    "words": {
        "Facebook, website": "phây búc, oép sai",
        "H5N1, CO2, 4.0": "hát năm en một, xê ô hai, bốn chấm không",
        "Krông Pa, Đắk Lắk, Đăk Mang": "Krông Pa, Đắk Lắk, đắk Mang",
        "nhóm C, điểm b": "nhóm xê, điểm bê",
        "Nh\u200bơn": "Nhơn",
    },
    "structure": {
        "<b>Kính</b> mời&nbsp;bà con": "Kính mời bà con",
        "## Tiêu đề": "Tiêu đề",
        "- Như Điều 3;\n- Lưu: VT.": "Như Điều ba;\nLưu: văn thư.",
        "1.1. Yêu cầu": "một chấm một. Yêu cầu",
        "họp dân\nvào sáng mai": "họp dân vào sáng mai",
        "Họp dân./.\nNơi nhận:\n- Như trên;\n- Lưu: VT.": "Họp dân.",
        "họp (sáng mai).": "họp, sáng mai.",
    },
}


@pytest.mark.parametrize(("text", "said"), [pair for kind in CASES.values() for pair in kind.items()])
def test_it_is_said_so(text: str, said: str) -> None:
    assert read(text).text == said


def test_spans_tell_what_was_changed_and_why() -> None:
    spoken = read("UBND xã họp 7h30.")
    found = [(spoken.source[s.start : s.end], spoken.text[s.spoken_start : s.spoken_end], s.rule) for s in spoken.spans]
    assert found == [("UBND", "ủy ban nhân dân", "abbreviation"), ("7h30", "bảy giờ ba mươi", "time")]


def test_spans_count_in_the_source_with_what_is_not_said() -> None:
    spoken = read("<b>**UBND**</b> &amp; 5 hộ")
    changed = [(spoken.source[s.start : s.end], spoken.text[s.spoken_start : s.spoken_end]) for s in spoken.spans]
    assert changed == [("<b>**", ""), ("UBND", "ủy ban nhân dân"), ("**</b>", ""), ("&amp;", "và"), ("5 hộ", "năm hộ")]


def test_sentences_are_cut_at_their_ends_then_at_pauses() -> None:
    assert sentences("một hai. ba bốn! năm,\nsáu") == ("một hai.", "ba bốn!", "năm,", "sáu")
    assert sentences("một hai, ba bốn năm", longest=9) == ("một hai,", "ba bốn", "năm")


@pytest.mark.parametrize(
    ("written", "said"),
    [("chương I,II", "chương một, hai"), ("quý I, II và III", "quý một, hai và ba"), ("quý I và II", "quý một và hai")],
)
def test_roman_numerals_after_a_comma_are_words_of_their_own(written: str, said: str) -> None:
    assert read(written).text == said
