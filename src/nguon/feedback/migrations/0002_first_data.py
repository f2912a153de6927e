"""What a server begins with: fields of life, and deadlines by the rules as far as they are known. All of it is data.

No deadline is marked as verified: the texts were read about, not read.
"""

from django.db import migrations

FIELDS = [  # key, name, hint, words that speak for it, metres within which two cases may be one
    ("duong-giao-thong", "Đường sá, giao thông", "Ổ gà, cầu cống hỏng, biển báo, lấn chiếm lòng đường.", ["ổ gà", "mặt đường", "đường hỏng", "lòng đường", "vỉa hè", "cây cầu", "mặt cầu", "biển báo", "sụt lún", "kẹt xe"], 150),
    ("rac-moi-truong", "Rác thải, môi trường", "Rác chưa thu gom, mùi hôi, khói bụi, nước thải.", ["rác", "mùi hôi", "ô nhiễm", "khói", "nước thải", "xả thải", "bụi"], 150),
    ("dien-chieu-sang", "Điện, đèn đường", "Mất điện, dây điện võng, cột điện nghiêng, đèn đường hỏng.", ["đèn đường", "mất điện", "cúp điện", "dây điện", "cột điện", "chập điện"], 100),
    ("nuoc-sach", "Nước sạch", "Mất nước, nước đục, vỡ ống nước.", ["nước máy", "nước sạch", "mất nước", "cúp nước", "ống nước", "nước đục"], 300),
    ("thoat-nuoc-ngap", "Thoát nước, ngập úng", "Cống tắc, nước đọng, ngập khi mưa.", ["ngập", "cống", "mương", "thoát nước", "úng"], 200),
    ("loa-truyen-thanh", "Loa truyền thanh, bảng tin", "Loa không phát, quá to, quá nhỏ, nói sai; bảng tin hỏng.", ["loa", "truyền thanh", "bảng tin", "phát thanh"], 200),
    ("an-ninh-trat-tu", "An ninh, trật tự", "Ồn ào, gây rối, trộm cắp, cờ bạc.", ["karaoke", "ồn ào", "gây rối", "trộm", "đánh nhau", "cờ bạc", "ma túy"], 100),
    ("dat-dai-xay-dung", "Đất đai, xây dựng", "Xây dựng trái phép, lấn chiếm đất, công trình gây hại.", ["xây dựng", "xây nhà", "trái phép", "lấn chiếm", "đất đai", "sổ đỏ"], 100),
    ("nong-nghiep-thuy-loi", "Nông nghiệp, thủy lợi", "Nước tưới, sâu bệnh, dịch bệnh vật nuôi.", ["nước tưới", "sâu bệnh", "lúa", "gia súc", "gia cầm", "thủy lợi", "kênh", "dịch tả"], 500),
    ("y-te-thuc-pham", "Y tế, an toàn thực phẩm", "Khám chữa bệnh, dịch bệnh, thực phẩm bẩn.", ["trạm y tế", "bệnh viện", "thực phẩm", "ngộ độc", "sốt xuất huyết", "tiêm chủng"], 150),
    ("giao-duc", "Trường học, giáo dục", "Cơ sở vật chất, khoản thu, đưa đón học sinh.", ["trường học", "học sinh", "giáo viên", "học phí", "lớp học"], 150),
    ("thu-tuc-phuc-vu", "Thủ tục hành chính, thái độ phục vụ", "Hồ sơ chậm, giấy tờ phiền hà, cách tiếp dân.", ["thủ tục", "hồ sơ", "một cửa", "giấy tờ", "công chứng", "cán bộ"], 100),
    ("chinh-sach-xa-hoi", "Chính sách, an sinh xã hội", "Hộ nghèo, bảo hiểm, người có công, trợ cấp.", ["hộ nghèo", "trợ cấp", "bảo hiểm", "người có công", "chính sách", "người cao tuổi"], 100),
    ("thien-tai-su-co", "Thiên tai, sự cố", "Sạt lở, cây đổ, nguy cơ mất an toàn.", ["sạt lở", "cây đổ", "bão", "lũ", "cháy", "sập"], 200),
    ("khac", "Việc khác", "Chọn mục này nếu chưa biết thuộc lĩnh vực nào.", [], 100),
]  # fmt: skip
HANOI = "Quyết định 1207/QĐ-UBND năm 2025 của UBND thành phố Hà Nội (lấy làm mẫu)"
PORTAL = "Quyết định 574/QĐ-TTg ngày 25/4/2017 của Thủ tướng Chính phủ"
TERMS = [  # step, severity, amount, unit, basis
    ("accept", "", 8, "working-hours", HANOI),
    ("accept", "urgent", 4, "working-hours", HANOI),
    ("answer", "urgent", 4, "working-hours", HANOI),
    ("answer", "", 20, "days", PORTAL),
    ("news", "", 7, "days", PORTAL),
]
PATH = (
    "Nội dung bạn gửi là khiếu nại hoặc tố cáo, được giải quyết theo luật riêng nên chúng tôi không xử lý như phản "
    "ánh. Khiếu nại (Luật Khiếu nại 2011): gửi đơn hoặc đến trực tiếp nơi đã ra quyết định hoặc có hành vi bị khiếu "
    "nại. Tố cáo (Luật Tố cáo 2018): gửi đơn hoặc trình bày trực tiếp với cơ quan có thẩm quyền; thông tin của người "
    "tố cáo được giữ bí mật."
)
TEMPLATES = [  # the step it is for, title, words
    ("accepted", "Đã tiếp nhận", "Chúng tôi đã nhận phản ánh {ma} và sẽ trả lời đúng hạn. Cảm ơn {ten} đã báo."),
    ("asked", "Hỏi thêm vị trí", "Xin {ten} cho biết rõ hơn nơi xảy ra (số nhà, gần chỗ nào) để chúng tôi kiểm tra."),
    ("answered", "Đã khắc phục", "{don_vi} đã kiểm tra và khắc phục xong: {noi_dung}. Cảm ơn {ten} đã phản ánh."),
    ("answered", "Đang lên kế hoạch", "{don_vi} đã kiểm tra. Việc này cần thêm thời gian: {noi_dung}."),
    ("refused", "Thiếu thông tin", "Phản ánh {ma} chưa đủ thông tin để xử lý. Mời {ten} gửi lại, ghi rõ việc và nơi xảy ra."),
    ("diverted", "Khiếu nại, tố cáo", PATH),
]  # fmt: skip


def first(apps, schema_editor):
    """Nothing that is there is touched: a server may have set up its own."""
    field, term, template = (apps.get_model("feedback", name) for name in ("Field", "Term", "Template"))
    for number, (key, name, hint, words, radius) in enumerate(FIELDS, 1):
        values = {"name": name, "hint": hint, "words": words, "radius_m": radius, "number": number}
        field.objects.get_or_create(key=key, defaults=values)
    for step, severity, amount, unit, basis in TERMS:
        values = {"amount": amount, "unit": unit, "basis": basis}
        term.objects.get_or_create(step=step, severity=severity, place=None, field=None, defaults=values)
    for state, title, text in TEMPLATES:
        template.objects.get_or_create(state=state, title=title, place=None, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]
    operations = [migrations.RunPython(first, migrations.RunPython.noop)]
