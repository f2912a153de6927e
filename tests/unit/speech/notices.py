"""Notices as communes write them, made up for these tests: the reader must say every word of them in Vietnamese."""

POWER_CUT = """THÔNG BÁO
V/v tạm ngừng cung cấp điện để sửa chữa đường dây 22kV

Điện lực Tuy Phước thông báo: từ 7h30 đến 11h30 ngày 12/5/2026 (thứ Ba) tạm ngừng cấp điện tại các thôn:
- Thôn Phụng Sơn, thôn Kỳ Sơn, xã Phước Sơn;
- Khu vực QL19 từ Km5+200 đến Km 6.
Mọi chi tiết liên hệ tổng đài 1900 1909 hoặc số 0256.3123.456.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""
VACCINE = """**KẾ HOẠCH**
Tiêm vắc xin sởi cho trẻ từ 1-5 tuổi

Thực hiện Kế hoạch số 96/KH-UBND ngày 07/07/2022 của UBND tỉnh, Trạm Y tế xã tổ chức tiêm cho 1.250 cháu,
đạt 95% trở lên.
1. Thời gian: 8h00-10h30, ngày 20-22/5/2026.
2. Địa điểm: Trường TH&THCS số 2 và Trường THPT Nguyễn Diêu.
Phụ huynh mang theo thẻ BHYT, CCCD. COVID-19 và SXH vẫn còn lưu hành./.
"""
STORM = """TIN BÃO KHẨN CẤP (CƠN BÃO SỐ 13)
Hồi 4 giờ ngày 15/10, tâm bão ở khoảng 16,5 độ Vĩ Bắc; 110,2 độ Kinh Đông.
Sức gió mạnh nhất cấp 11-12 (103-133 km/h), giật cấp 15.
Lượng mưa 200-350 mm, có nơi > 500mm. Ban Chỉ huy PCTT&TKCN xã đề nghị bà con:
+ Chằng chống nhà cửa, trữ 3-5 ngày lương thực;
+ Gọi 114, 115 khi cần; theo dõi https://tuyphuoc.binhdinh.gov.vn và Zalo của UBND xã.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
"""
POLICY = """I. MỤC TIÊU
Đến năm 2025: 100% xã có đài truyền thanh ứng dụng CNTT-VT; 12/13 xã đạt 19/19 tiêu chí NTM;
thu nhập 65,5 triệu đồng/người/năm.
II. NHIỆM VỤ
Theo Nghị định số 49/2024/NĐ-CP, Thông tư 39/2020/TT-BTTTT và Nghị quyết Đại hội XIII,
giai đoạn 2021 – 2025, kinh phí 1.250.000.000 đồng
(mức hỗ trợ 500.000đ/hộ, 2/3 số hộ nghèo). Hạn nộp: trước 17h ngày 30/9; email: ubnd@tuyphuoc.gov.vn.
Lớp 12A1, xe 77C-123.45, tần số 103,5 MHz, màn hình LED, LCD, kênh FM; học sinh Y Niê H'Hen ở Krông Pa, Đắk Lắk.
"""
ALL = (POWER_CUT, VACCINE, STORM, POLICY)
