"""Addresses of the office where sites are looked after."""

from django.urls import path

from nguon.portal import posting_views

app_name = "portal"
urlpatterns = [
    path("tin/", posting_views.listing, name="posted"),
    path("tin/<uuid:pk>/<str:do>", posting_views.act, name="posting-act"),
    path("dang/<uuid:pk>", posting_views.post, name="post"),
    path("dang/<uuid:pk>/o-dau", posting_views.postings, name="postings"),
]
