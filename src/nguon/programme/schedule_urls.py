"""Addresses of programmes, slots, policies, bulletins from above, and timetables."""

from django.urls import path

from nguon.programme import calendar_views, inbox_views, policy_views, programme_views, slot_views

app_name = "schedule"
urlpatterns = [
    path("lich/", calendar_views.week, name="week"),
    path("lich/dia-ban/<uuid:pk>", calendar_views.place, name="place"),
    path("lich/cum-loa/<uuid:pk>", calendar_views.device, name="device"),
    path("lich-phat/<uuid:pk>", calendar_views.public, name="public"),
    path("lich/khung-moi", slot_views.new, name="slot-new"),
    path("lich/khung-thu", slot_views.advice, name="slot-advice"),
    path("lich/khung/<uuid:pk>", slot_views.slot, name="slot"),
    path("lich/khung/<uuid:pk>/doi", slot_views.move, name="slot-move"),
    path("lich/khung/<uuid:pk>/lam/<slug:do>", slot_views.act, name="slot-act"),
    path("chuong-trinh/", programme_views.listing, name="programmes"),
    path("chuong-trinh/moi", programme_views.new, name="programme-new"),
    path("chuong-trinh/<uuid:pk>", programme_views.programme, name="programme"),
    path("chuong-trinh/<uuid:pk>/chep", programme_views.copy, name="programme-copy"),
    path("chuong-trinh/<uuid:pk>/ket-thuc", programme_views.end, name="programme-end"),
    path("chuong-trinh/<uuid:pk>/keo-dai", programme_views.stretch, name="programme-stretch"),
    path("quy-dinh/", policy_views.listing, name="policies"),
    path("quy-dinh/moi", policy_views.new, name="policy-new"),
    path("quy-dinh/<uuid:pk>", policy_views.policy, name="policy"),
    path("quy-dinh/<uuid:pk>/ket-thuc", policy_views.end, name="policy-end"),
    path("tin-cap-tren/", inbox_views.listing, name="inbox"),
    path("tin-cap-tren/thu-tu", inbox_views.order, name="inbox-order"),
    path("tin-cap-tren/gui/<uuid:pk>", inbox_views.send_down, name="offer"),
    path("tin-cap-tren/<int:pk>/<slug:do>", inbox_views.decide, name="inbox-decide"),
]
