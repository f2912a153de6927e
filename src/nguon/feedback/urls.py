"""Addresses of the desk where officers work on cases."""

from django.urls import URLPattern, URLResolver, include, path

from nguon.feedback import answer_views, figure_views, intake_views, setup_views, sticker_views, views

app_name = "feedback"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nguon.feedback.private_urls")),
    path("", views.listing, name="list"),
    path("nhieu", views.bulk, name="bulk"),
    path("tiep-nhan", intake_views.new, name="new"),
    path("so-lieu", figure_views.figures_page, name="figures"),
    path("so-lieu/tai-ve", figure_views.sheet, name="figures-sheet"),
    path("tem-qr", sticker_views.sheet, name="stickers"),
    path("thiet-lap", setup_views.listing, name="setup-first"),
    path("thiet-lap/thu-quy-tac", setup_views.trial, name="trial"),
    path("thiet-lap/<slug:kind>", setup_views.listing, name="setup"),
    path("thiet-lap/<slug:kind>/moi", setup_views.edit, name="setup-new"),
    path("thiet-lap/<slug:kind>/<str:pk>", setup_views.edit, name="setup-edit"),
    path("thiet-lap/<slug:kind>/<str:pk>/thoi", setup_views.end, name="setup-end"),
    path("thu-tu-quy-tac/<str:pk>", setup_views.move, name="setup-move"),
    path("<uuid:pk>", views.detail, name="detail"),
    path("<uuid:pk>/buoc/<slug:name>", views.step, name="step"),
    path("<uuid:pk>/xep", views.sort, name="sort"),
    path("<uuid:pk>/tha", views.release, name="release"),
    path("<uuid:pk>/y-kien/<int:number>", views.part, name="part"),
    path("<uuid:pk>/anh/<int:number>", views.photo, name="photo"),
    path("<uuid:pk>/phieu", intake_views.slip, name="slip"),
    path("<uuid:pk>/tra-loi", answer_views.answer, name="answer"),
    path("<uuid:pk>/tra-loi/gui", answer_views.give, name="answer-give"),
    path("<uuid:pk>/tra-loi/ban-tin", answer_views.announce, name="answer-announce"),
    path("<uuid:pk>/cong-khai", answer_views.public, name="public"),
    path("<uuid:pk>/thoi-cong-khai", answer_views.unpublish, name="unpublish"),
]
