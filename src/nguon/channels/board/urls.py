"""Addresses of a board's page, of its preview, and of the layouts of boards."""

from django.urls import include, path

from nguon.channels.board import layout_views, views

PREFIX = "bang/"
app_name = "board"
urlpatterns = [
    path("", views.page, name="page"),
    path("worker.js", views.worker, name="worker"),
    path("xem/", views.preview, name="preview"),
    path("nguon/", include("nguon.channels.board.feeds.urls")),
    path("tren/", include("nguon.channels.board.upper.urls")),
    path("xem-bo-cuc/", views.staged, name="staged"),
    path("bo-cuc/", layout_views.listing, name="layouts"),
    path("bo-cuc/moi", layout_views.new, name="layout-new"),
    path("bo-cuc/<uuid:pk>", layout_views.detail, name="layout"),
    path("bo-cuc/<uuid:pk>/sua", layout_views.edit, name="layout-edit"),
    path("bo-cuc/<uuid:pk>/hinh", layout_views.drawn, name="layout-drawn"),
    path("bo-cuc/<uuid:pk>/xoa", layout_views.delete, name="layout-delete"),
    path("bo-cuc/vung/<uuid:pk>/them", layout_views.item_new, name="item-new"),
    path("bo-cuc/tin/<uuid:pk>", layout_views.item, name="item"),
    path("bo-cuc/tin/<uuid:pk>/<str:do>", layout_views.item_act, name="item-act"),
    path("bo-cuc/bang/<uuid:pk>", layout_views.board, name="board"),
]
