"""Addresses below a site. They hold for its own host and for its path of the server (`portal.middleware`)."""

from django.urls import path

from nguon.channels.site import public_air, public_feeds, public_map, public_views

PREFIX = ""
app_name = "site"
urlpatterns = [
    path("", public_views.front, name="front"),
    path("muc/<slug:key>/", public_views.section, name="section"),
    path("tin/<slug:slug>", public_views.article, name="article"),
    path("lich-phat-thanh/", public_air.timetable, name="timetable"),
    path("lich-phat-thanh/<uuid:pk>/", public_air.hamlet, name="timetable-hamlet"),
    path("nghe-lai/", public_air.listen, name="listen"),
    path("nghe-lai/<uuid:pk>.mp3", public_air.sound, name="sound"),
    path("ban-do/", public_map.town, name="map"),
    path("nhan-tin/", public_feeds.listing, name="feeds"),
    path("tin-moi.rss", public_feeds.rss, name="rss"),
    path("tin-moi.atom", public_feeds.atom, name="atom"),
    path("linh-vuc/<slug:field>.<slug:form>", public_feeds.field, name="field"),
    path("nghe-lai.rss", public_feeds.podcast, name="podcast"),
    path("lich-phat-thanh.ics", public_feeds.calendar, name="calendar"),
    path("sitemap.xml", public_feeds.addresses, name="sitemap"),
    path("robots.txt", public_feeds.robots, name="robots"),
]
