"""How long requests about data may take, how long cases are kept, and what people agree to. All of it is data.

Nothing is marked as verified: the texts were read about, not read.
"""

from datetime import UTC, datetime

from django.db import migrations

LAW = "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15; Nghị định 356/2025/NĐ-CP"
TERMS = [  # step, amount, unit
    ("data-reply", 2, "working-days"),
    ("data-change", 15, "days"),
    ("data-erase", 20, "days"),
    ("data-more", 15, "days"),
]
KEPT = "Chưa có quy định riêng; thời hạn ban đầu của hệ thống theo nguyên tắc chỉ lưu trong thời gian cần thiết"
RETENTION = [("ended", 12, 60), ("set-aside", 3, 12)]  # lot, months till nameless, months till deleted
WORDING = (
    "Tôi đồng ý để cơ quan tiếp nhận phản ánh lưu họ tên, số điện thoại, thư điện tử, địa chỉ và ảnh tôi gửi, chỉ để "
    "liên hệ và xử lý phản ánh này. Cán bộ chỉ mở xem khi việc cần; mỗi lần xem được ghi lại. Tôi có quyền xem, sửa, "
    "lấy bản sao, rút lại sự đồng ý và yêu cầu xóa bất cứ lúc nào bằng mã phản ánh. Không đồng ý thì vẫn gửi được phản "
    "ánh, chỉ không để lại thông tin liên hệ."
)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def first(apps, schema_editor):
    """Nothing that is there is touched."""
    term, retention, wording = (apps.get_model("feedback", name) for name in ("Term", "Retention", "Wording"))
    for step, amount, unit in TERMS:
        values = {"amount": amount, "unit": unit, "basis": LAW}
        term.objects.get_or_create(step=step, severity="", place=None, field=None, defaults=values)
    for lot, nameless, deleted in RETENTION:
        values = {"nameless_months": nameless, "deleted_months": deleted, "basis": KEPT}
        retention.objects.get_or_create(lot=lot, defaults=values)
    if not wording.objects.exists():
        wording.objects.create(number=1, text=WORDING, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_personal_data_and_open311")]
    operations = [migrations.RunPython(first, migrations.RunPython.noop)]
