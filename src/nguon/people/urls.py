"""Addresses of people and of signing in."""

from django.urls import path

from nguon.people import consent_views, security_views, signing, views

app_name = "people"
urlpatterns = [
    path("dang-nhap", signing.sign_in, name="sign-in"),
    path("dang-nhap/buoc-hai", signing.second, name="second"),
    path("dang-nhap/khoa-truy-cap", signing.passkey, name="sign-in-passkey"),
    path("dang-nhap/khoa-truy-cap/hoi", signing.passkey_asked, name="sign-in-passkey-asked"),
    path("xac-nhan-lai", signing.again, name="again"),
    path("dang-xuat", signing.sign_out, name="sign-out"),
    path("mat-khau", signing.password, name="password"),
    path("bao-mat", security_views.security, name="security"),
    path("bao-mat/dien-thoai", security_views.telephone, name="security-telephone"),
    path("bao-mat/khoa-truy-cap", security_views.passkey, name="security-passkey"),
    path("bao-mat/khoa-truy-cap/hoi", security_views.passkey_asked, name="security-passkey-asked"),
    path("bao-mat/ma-du-phong", security_views.codes, name="security-codes"),
    path("bao-mat/<uuid:pk>/ten", security_views.rename, name="security-rename"),
    path("bao-mat/<uuid:pk>/bo", security_views.remove, name="security-remove"),
    path("bao-mat/phien/<int:pk>/ket-thuc", security_views.end_visit, name="security-end-visit"),
    path("bao-mat/phien/ket-thuc", security_views.end_visits, name="security-end-visits"),
    path("cho-nguoi-thu-hai/", consent_views.waiting, name="waiting"),
    path("cho-nguoi-thu-hai/<uuid:pk>/dong-y", consent_views.agree, name="agree"),
    path("cho-nguoi-thu-hai/<uuid:pk>/khong-dong-y", consent_views.refuse, name="refuse"),
    path("cho-nguoi-thu-hai/<uuid:pk>/rut", consent_views.withdraw, name="withdraw"),
    path("cho-nguoi-thu-hai/<uuid:pk>/lay-mat-khau", consent_views.collect, name="collect"),
    path("can-bo/", views.people, name="list"),
    path("can-bo/moi", views.new, name="new"),
    path("can-bo/co-quan", views.new_office, name="office"),
    path("can-bo/<uuid:pk>", views.detail, name="detail"),
    path("can-bo/<uuid:pk>/sua", views.change, name="change"),
    path("can-bo/<uuid:pk>/mat-khau", views.reset_password, name="reset-password"),
    path("can-bo/<uuid:pk>/buoc-hai", views.take_factors_away, name="factors-reset"),
    path("can-bo/<uuid:pk>/khoa", views.active, name="active"),
    path("can-bo/<uuid:pk>/vai-tro", views.give_role, name="give-role"),
    path("can-bo/<uuid:pk>/vai-tro/<int:role_id>/thoi", views.end_role, name="end-role"),
]
