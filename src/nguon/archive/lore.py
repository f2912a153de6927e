"""How stations of communes name what they keep: programmes, kinds, who speaks. Patterns over folded text (no marks)."""

import re

NEWS, NOTICE, FEATURE, TALK, EDUCATION = "news", "notice", "feature", "talk", "education"
MUSIC, DRAMA, OTHER = "music", "drama", "other"
_END = r"(?=\s*(?:[-–(,;:]|\d|\bngay\b|\bthang\b|\bthu \d|\bso \d|$))"


def _found(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# What machines and copying put around a name.
COPY = re.compile(r"(?:\s*[-_ ]\s*(?:copy|bản sao|ban sao)(?:\s*\(\d+\))?|\s*\(\d{1,2}\))+$", re.IGNORECASE)
TRACK = re.compile(r"^(?:track|bài|bai)?\s*\d{1,2}\s*[-.)_]+\s*(?=\D*[^\W\d_]{2})", re.IGNORECASE)
FROM_TO = re.compile(r"\s*[–—]\s*|\s+-\s+|\s+đến\s+")  # between the two days of a period
# (pattern, name, how sure). A group `of` is what stands after the name and belongs to it.
PROGRAMMES: tuple[tuple[re.Pattern[str], str, float], ...] = (
    (_found(r"\bban tin (?:buoi )?sang\b"), "Bản tin sáng", 0.95),
    (_found(r"\bban tin (?:buoi )?trua\b"), "Bản tin trưa", 0.95),
    (_found(r"\bban tin (?:buoi )?chieu\b"), "Bản tin chiều", 0.95),
    (_found(r"\bban tin (?:buoi )?toi\b"), "Bản tin tối", 0.95),
    (_found(r"\bban tin cuoi (?:ngay|tuan)\b"), "Bản tin cuối ngày", 0.7),
    (_found(r"\b(?:thoi su|ts) (?:buoi )?sang\b"), "Thời sự sáng", 0.9),
    (_found(r"\b(?:thoi su|ts) (?:buoi )?trua\b"), "Thời sự trưa", 0.9),
    (_found(r"\b(?:thoi su|ts) (?:buoi )?chieu\b"), "Thời sự chiều", 0.9),
    (_found(r"\b(?:thoi su|ts) (?:buoi )?toi\b"), "Thời sự tối", 0.9),
    (_found(rf"\bchuyen muc\s*[:-]?\s+(?P<of>[^\d(–-]{{3,60}}?){_END}"), "Chuyên mục", 0.85),
    (_found(rf"\bchuyen de\s*[:-]?\s+(?P<of>[^\d(–-]{{3,60}}?){_END}"), "Chuyên đề", 0.8),
    (_found(rf"\bchuong trinh\s*[:-]?\s+(?P<of>[^\d(–-]{{3,60}}?){_END}"), "Chương trình", 0.8),
    (_found(r"\bcau chuyen truyen thanh\b"), "Câu chuyện truyền thanh", 0.95),
    (_found(r"\bthoi su tong hop\b"), "Thời sự tổng hợp", 0.95),
    (_found(r"\bthoi su\b"), "Thời sự", 0.85),
    (_found(r"\bbts\b"), "Bản tin sáng", 0.65),  # letters alone may mean something else elsewhere
    (_found(r"\bbtt\b"), "Bản tin trưa", 0.65),
    (_found(r"\bbtc\b"), "Bản tin chiều", 0.65),
    (_found(r"\b(?:ct|chuong trinh) ?(?:pt|phat thanh)\b"), "Chương trình phát thanh", 0.7),
    (_found(r"\bban tin\b"), "Bản tin", 0.85),
)
CATEGORIES: tuple[tuple[re.Pattern[str], str, float], ...] = (
    (
        _found(
            r"\b(?:ca nhac|bai hat|dan ca|bai choi|hat boi|cai luong|ca co|vong co|nhac (?:tre|do|vang|khong loi))\b"
        ),
        MUSIC,
        0.9,
    ),
    (_found(r"\b(?:kich|tieu pham|doc truyen|truyen (?:ngan|dai)|cau chuyen truyen thanh)\b"), DRAMA, 0.88),
    (_found(r"\b(?:thong bao|thong tin khan|giay moi|thu moi|loi keu goi)\b"), NOTICE, 0.88),
    (_found(r"\b(?:phat bieu|dien van|phong van|tra loi|doi thoai|chuc tet|tiep xuc cu tri|toa dam)\b"), TALK, 0.88),
    (_found(r"\b(?:phong su|chuyen muc|chuyen de|ghi nhanh|guong (?:nguoi tot|sang))\b"), FEATURE, 0.85),
    (
        _found(r"\b(?:tuyen truyen|pho bien|huong dan|phap luat|suc khoe|khuyen nong|ky thuat|phong chong)\b"),
        EDUCATION,
        0.8,
    ),
    (_found(r"\b(?:thoi su|ban tin|tin tuc|bt[stc])\b"), NEWS, 0.85),
)
# (pattern of what stands before a name, how sure, whether it must have capitals: a form of address is also a word)
SPEAKERS: tuple[tuple[re.Pattern[str], float, bool], ...] = (
    (
        _found(
            r"\b(?:phat thanh vien|bien tap vien|phong vien|nguoi doc|giong doc|nguoi noi|thuc hien|the hien|trinh bay)"
            r"\s*[:–-]?\s+"
        ),
        0.85,
        False,
    ),
    (_found(r"\b(?:ptv|btv|mc|nsut|nsnd|nghe si|ca si)\s*[:–-]?\s+"), 0.82, False),
    (_found(r"\b(?:dong chi|d/c|dc|ong|ba|bac si|bs|luat su)\s*[:–-]?\s+(?=\w+\s+\w+)"), 0.78, True),
    (_found(r"(?:^|[-–(]\s*)doc\s*[:–-]?\s+"), 0.7, False),
)
