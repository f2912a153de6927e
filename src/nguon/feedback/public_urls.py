"""Addresses for whoever tells something: below a site, and of the server itself."""

from django.urls import URLPattern, URLResolver, include, path

from nguon.feedback import public_follow_views as follow
from nguon.feedback import public_pole_views as pole
from nguon.feedback import public_register_views as register
from nguon.feedback import public_views as views

app_name = "told"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nguon.feedback.private_public_urls")),
    path("", views.start, name="start"),
    path("gui", views.new, name="new"),
    path("da-gui", views.receipt, name="receipt"),
    path("tai", pole.find_device, name="find-device"),
    path("tai/<str:code>", pole.at_device, name="at-device"),
    path("theo-doi", follow.follow, name="follow"),
    path("theo-doi/ho-so", follow.own_case, name="own"),
    path("theo-doi/bo-sung", follow.supplement, name="supplement"),
    path("theo-doi/danh-gia", follow.content, name="content"),
    path("theo-doi/roi-trang", follow.leave, name="leave"),
    path("anh/<uuid:pk>", follow.photo, name="photo"),
    path("cong-khai", register.listing, name="register"),
    path("cong-khai/<uuid:pk>", register.case, name="case"),
    path("cong-khai/<uuid:pk>/toi-cung-gap", register.too, name="too"),
]
