"""Addresses of the office where bulletins are put on sites."""

from django.urls import path

from nguon.portal import posting_views

app_name = "posting"
urlpatterns = [
    path("", posting_views.listing, name="list"),
    path("<uuid:pk>/<str:do>", posting_views.act, name="act"),
    path("dang/<uuid:pk>", posting_views.post, name="post"),
    path("dang/<uuid:pk>/o-dau", posting_views.postings, name="of-bulletin"),
]
