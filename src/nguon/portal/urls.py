"""Addresses of the office where sites are looked after."""

from django.urls import include, path

from nguon.portal import aloud_views, paper_views, posting_views, section_views, views

app_name = "portal"
urlpatterns = [
    path("", views.listing, name="list"),
    path("moi", views.new, name="new"),
    path("<uuid:pk>", views.site, name="site"),
    path("<uuid:pk>/cai-dat", views.settings, name="settings"),
    path("<uuid:pk>/dia-chi", views.address, name="address"),
    path("<uuid:pk>/mo", views.open_, name="open"),
    path("<uuid:pk>/dong", views.close, name="close"),
    path("<uuid:pk>/huy-hieu", views.emblem, name="emblem"),
    path("<uuid:pk>/them-muc", section_views.add, name="section-add"),
    path("muc/<uuid:pk>", section_views.section, name="section"),
    path("muc/<uuid:pk>/cai-dat", section_views.change, name="section-change"),
    path("muc/<uuid:pk>/chuyen", section_views.move, name="section-move"),
    path("muc/<uuid:pk>/bo", section_views.remove, name="section-remove"),
    path("muc/<uuid:pk>/soan", section_views.write, name="write"),
    path("muc/<uuid:pk>/xem-truoc", section_views.preview, name="preview"),
    path("muc/<uuid:pk>/gui-duyet", section_views.hand_in, name="hand-in"),
    path("ban/<uuid:pk>", section_views.edition, name="edition"),
    path("muc/<uuid:pk>/them-van-ban", paper_views.add, name="paper-add"),
    path("van-ban/<uuid:pk>", paper_views.paper, name="paper"),
    path("van-ban/<uuid:pk>/sua", paper_views.mend, name="paper-mend"),
    path("van-ban/<uuid:pk>/rut", paper_views.withdraw, name="paper-withdraw"),
    path("van-ban/<uuid:pk>/cac-trang", paper_views.give, name="paper-give"),
    path("van-ban/<uuid:pk>/tep", paper_views.file, name="paper-file"),
    path("tin/", posting_views.listing, name="posted"),
    path("tin/<uuid:pk>/<str:do>", posting_views.act, name="posting-act"),
    path("dang/<uuid:pk>", posting_views.post, name="post"),
    path("dang/<uuid:pk>/o-dau", posting_views.postings, name="postings"),
    path("nghe/<slug:kind>/<uuid:pk>", aloud_views.state, name="aloud"),
    path("khao-sat/", include("nguon.portal.surveys.urls")),
    path("su-kien/", include("nguon.portal.events.urls")),
]
