"""Addresses of people and of signing in."""

from django.urls import path

from nguon.people import signing, views

app_name = "people"
urlpatterns = [
    path("dang-nhap", signing.sign_in, name="sign-in"),
    path("dang-xuat", signing.sign_out, name="sign-out"),
    path("mat-khau", signing.password, name="password"),
    path("can-bo/", views.people, name="list"),
    path("can-bo/moi", views.new, name="new"),
    path("can-bo/co-quan", views.new_office, name="office"),
    path("can-bo/<uuid:pk>", views.detail, name="detail"),
    path("can-bo/<uuid:pk>/sua", views.change, name="change"),
    path("can-bo/<uuid:pk>/mat-khau", views.reset_password, name="reset-password"),
    path("can-bo/<uuid:pk>/khoa", views.active, name="active"),
    path("can-bo/<uuid:pk>/vai-tro", views.give_role, name="give-role"),
    path("can-bo/<uuid:pk>/vai-tro/<int:role_id>/thoi", views.end_role, name="end-role"),
]
