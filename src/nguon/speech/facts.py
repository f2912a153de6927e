"""What a listener must keep of a notice: what, when, where, whom to call. Found by rule, never made up."""

import re
from dataclasses import dataclass

from nguon.speech.spoken import Spoken

_NUMERAL = r"(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|linh|lẻ|phẩy)"
_DIGIT = r"(?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín)"
_NUMBER = rf"(?:{_NUMERAL}\s){{1,16}}"
_CLOCK = re.compile(rf"(?<!\w){_NUMBER}giờ(?!\w)")
_DAY = re.compile(rf"(?<!\w)(?:{_NUMBER}tháng\s+(?:{_NUMERAL}|giêng|chạp)|(?:ngày|mùng|mồng|rằm)\s+{_NUMERAL}(?!\w))")
_PHONE = re.compile(rf"(?<!\w)(?:cộng\s+)?{_DIGIT}(?:\s+{_DIGIT}){{6,14}}(?!\w)")
_SHORT_PHONE = re.compile(
    rf"(?<!\w)(?:gọi|tổng đài|đường dây nóng|điện thoại|hót lai)(?:\s+(?:ngay|số|quốc gia|khẩn cấp))*:?\s+"
    rf"({_DIGIT}(?:\s+{_DIGIT}){{2,3}})(?!\w)"
)
_MEASURE = re.compile(
    rf"(?<!\w){_NUMBER}(?:đồng|phần trăm|độ|ki lô|mi li|mét|héc ta|tấn|tạ|lít|hộ|người|liều|tuổi|ngày|tháng|cấp"
    r"|mũi|suất)(?!\w)"
)
_COUNT = re.compile(rf"(?<!\w)(?:{_NUMERAL}\s+){{2}}")
_CITED = re.compile(
    r"(?i)(?<!\w)(?:quyết định|nghị định|nghị quyết|thông tư|luật số|bộ luật|kế hoạch số|công văn|chỉ thị|báo cáo số"
    r"|căn cứ|thực hiện kế hoạch|tờ trình|sinh năm|sinh ngày)(?!\w)"
)
_WHEN = re.compile(
    r"(?i)(?<!\w)(?:từ|lúc|vào|hồi|trước|sau|đến|hạn|thời gian|bắt đầu|sáng|trưa|chiều|tối|đêm|ngày|thứ|chủ nhật)(?!\w)"
)
_WHERE = re.compile(r"(?i)(?<!\w)(?:tại|địa điểm|ở)(?!\w)")
_SITE = re.compile(
    r"(?i)(?<!\w)(?:nhà văn hóa|nhà văn hoá|hội trường|trụ sở|trạm|sân|thôn|xã|phường|khu vực|khu phố|trường|ủy ban"
    r"|uỷ ban|bưu điện|chợ|nhà|tuyến|đường|đoạn|cầu|điểm|trung tâm|quầy|phòng|bệnh viện|địa bàn|tổ|đình|chùa|miếu|làng"
    r"|xóm|ấp|bến|bãi|cảng|hồ|đập|công viên|quảng trường|khách sạn|công ty|hợp tác xã|lớp)(?!\w)"
)
_GOES_ON = re.compile(r"(?i)^(?:và\s+)?(?:thôn|xã|phường|khu phố|khu vực|số|đường|tổ|tuyến|đoạn)(?!\w)")
_CEREMONY = re.compile(
    r"(?i)^(?:cộng hòa|cộng hoà|độc lập|ủy ban nhân dân|uỷ ban nhân dân|hội đồng nhân dân|đảng ủy|số\b"
    r"|kính gửi|kính thưa)"
)
_KIND = re.compile(
    r"(?i)^(?:thông báo|kế hoạch|giấy mời|hướng dẫn|báo cáo|thư kêu gọi|lời kêu gọi|tin|cảnh báo|công điện)\b"
)
_STARTS_TIME = re.compile(
    rf"(?i)^(?:và\s+)?(?:từ|lúc|vào|hồi|trước|sau|đến|hạn|sáng|trưa|chiều|tối|đêm|ngày|thứ|chủ nhật|{_NUMERAL}\s)"
)
ITEM = re.compile(r"(?i)^(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|a|bê|xê|đê)[.,]\s")
_TITLE_WORDS = 24  # a longer first line is no title


@dataclass(frozen=True)
class Facts:
    """The key facts of a notice, each in words of the notice itself, or empty."""

    what: str = ""
    when: str = ""
    where: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.when or self.where or self.phone)


def carries_figures(sentence: str) -> bool:
    """Whether a spoken sentence has a date, a time, a sum, a measure or a telephone number in it."""
    low = sentence.lower() + " "
    return any(each.search(low) for each in (_CLOCK, _DAY, _PHONE, _SHORT_PHONE, _MEASURE, _COUNT))


def figures(text: str) -> int:
    """How many figures a listener has to keep."""
    low = text.lower() + " "
    return sum(len(each.findall(low)) for each in (_CLOCK, _DAY, _PHONE, _MEASURE))


def facts(spoken: Spoken | str) -> Facts:
    """What, when, where and whom to call, if the notice says so."""
    text = spoken if isinstance(spoken, str) else spoken.text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    clauses = [clause for line in lines for clause in _clauses(line)]
    return Facts(title(lines), _when(clauses), _where(clauses), _phone(text))


def _clauses(line: str) -> list[str]:
    return [part.strip(" :") for part in re.split(r"[,;.?!]\s*|:\s+", line) if part.strip(" :")]


def title(lines: list[str]) -> str:
    """The first line that is no name of state or office; a bare kind of document takes the next line with it."""
    rest = [line.rstrip(".:;,") for line in lines if not _CEREMONY.match(line)]
    if not rest or ITEM.match(rest[0] + " "):
        return ""
    found = rest[0]
    if len(rest) > 1 and len(found.split()) < 3 and _KIND.match(found) and not _is_time(rest[1]):
        found = f"{found} {rest[1][:1].lower()}{rest[1][1:]}"
    whole = len(found.split()) <= _TITLE_WORDS and not re.search(r"[.?!:;]\s", found)
    return found if whole and len(found.split()) > 1 else ""


def _is_time(clause: str) -> bool:
    low = clause.lower() + " "
    return bool(_CLOCK.search(low) or _DAY.search(low))


def _when(clauses: list[str]) -> str:
    """The clauses that name an hour or a day as the time of the thing: those after `thời gian` before all others."""
    timed = (at for at, clause in enumerate(clauses) if _is_time(clause) and _WHEN.search(clause))
    told = [at for at in timed if not _cited(clauses, at)]
    labelled = [at for at in told if at and clauses[at - 1].lower().endswith("thời gian")]
    if not told:
        return ""
    at = (labelled or told)[0]
    found = [_from_time(clauses[at])]
    while len(found) < 3 and at + len(found) < len(clauses) and _only_time(clauses[at + len(found)]):
        found.append(clauses[at + len(found)])
    return ", ".join(found)


def _cited(clauses: list[str], at: int) -> bool:
    """Whether the day in a clause is that of a document: `Quyết định số mười hai, quyết định … ngày …`."""
    if _CITED.search(clauses[at]):
        return True
    return at > 0 and bool(_CITED.search(clauses[at - 1])) and not _STARTS_TIME.match(clauses[at])


def _only_time(clause: str) -> bool:
    return _is_time(clause) and bool(_STARTS_TIME.match(clause)) and not _CITED.search(clause)


def _from_time(clause: str) -> str:
    """The clause from where its time begins: `tổ chức tiêm phòng lúc bảy giờ` gives `lúc bảy giờ`."""
    low = clause.lower() + " "
    starts = [match.start() for each in (_WHEN, _CLOCK, _DAY) for match in each.finditer(low)]
    fitting = [start for start in sorted(starts) if _is_time(clause[start:])]
    return clause[fitting[0] :] if fitting else clause


def _where(clauses: list[str]) -> str:
    """The place after `tại`, `ở` or `địa điểm`, with what goes on with it (`thôn Kỳ Sơn, xã Phước Sơn`)."""
    found = [at for at in range(len(clauses)) if _site(clauses, at)]
    labelled = [at for at in found if clauses[at].lower().startswith("địa điểm")]
    if not found:
        return ""
    at = (labelled or found)[0]
    said = [_site(clauses, at)]
    after = at + (2 if clauses[at].lower() == "địa điểm" else 1)
    while len(said) < 5 and after < len(clauses) and _GOES_ON.match(clauses[after]) and not _is_time(clauses[after]):
        said.append(clauses[after])
        after += 1
    return ", ".join(said)


def _site(clauses: list[str], at: int) -> str:
    match = _WHERE.search(clauses[at])
    if not match or _CITED.search(clauses[at]):
        return ""
    tail = clauses[at][match.end() :].strip()
    if not tail:
        return clauses[at + 1] if at + 1 < len(clauses) and match[0].lower() == "địa điểm" else ""
    if not (_SITE.search(tail) or (tail[:1].isupper() and match[0].lower() != "ở")):
        return ""
    return tail if match[0].lower() == "địa điểm" else f"{match[0].lower()} {tail}"


def _phone(text: str) -> str:
    """The first telephone numbers, at most two."""
    low = text.lower()
    found = list(dict.fromkeys(match[0].strip() for match in _PHONE.finditer(low)))[:2]
    return " hoặc ".join(found or [match[1] for match in _SHORT_PHONE.finditer(low)][:1])
