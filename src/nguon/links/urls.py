"""Addresses of links: pages for officers, and what everybody may fetch."""

from django.urls import path

from nguon.links import public_views, views

app_name = "links"
urlpatterns = [
    path("canh-bao-nhan-duoc/", views.listing, name="list"),
    path("canh-bao-nhan-duoc/dua-tep", views.bring, name="bring"),
    path("canh-bao-nhan-duoc/nguon", views.sources, name="sources"),
    path("canh-bao-nhan-duoc/nguon/moi", views.new_source, name="source-new"),
    path("canh-bao-nhan-duoc/nguon/<uuid:pk>", views.source, name="source"),
    path("canh-bao-nhan-duoc/nguon/<uuid:pk>/thoi", views.end_source, name="source-end"),
    path("canh-bao-nhan-duoc/<uuid:pk>", views.detail, name="detail"),
    path("canh-bao-nhan-duoc/<uuid:pk>/tep-goc", views.raw, name="raw"),
    path("cap/canh-bao.atom", public_views.everything, name="feed"),
    path("cap/dia-ban/<uuid:pk>.atom", public_views.of_place, name="place-feed"),
    path("cap/dia-ban/<uuid:pk>.pem", public_views.certificates, name="certificates"),
    path("cap/tin/<uuid:pk>.xml", public_views.document, name="document"),
    path("cap/tin/<uuid:pk>/rong-<int:stage>.xml", public_views.widened, name="widened"),
    path("cap/tin/<uuid:pk>/huy.xml", public_views.cancel, name="cancel"),
]
