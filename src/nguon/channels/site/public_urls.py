"""Addresses below a site. They hold for its own host and for its path of the server (`portal.middleware`)."""

from django.urls import path

from nguon.channels.site import public_surveys, public_views

PREFIX = ""
app_name = "site"
urlpatterns = [
    path("", public_views.front, name="front"),
    path("muc/<slug:key>/", public_views.section, name="section"),
    path("tin/<slug:slug>", public_views.article, name="article"),
    path("y-kien/", public_surveys.listing, name="surveys"),
    path("y-kien/<slug:slug>", public_surveys.survey, name="survey"),
    path("y-kien/<slug:slug>/cam-on", public_surveys.thanks, name="survey-thanks"),
    path("y-kien/<slug:slug>/du-thao", public_surveys.draft, name="survey-draft"),
]
