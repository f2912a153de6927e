"""Addresses below a site. They hold for its own host and for its path of the server (`portal.middleware`)."""

from django.urls import path

from nguon.channels.site import (
    public_air,
    public_events,
    public_feeds,
    public_files,
    public_map,
    public_sound,
    public_surveys,
    public_views,
    search_views,
)

PREFIX = ""
app_name = "site"
urlpatterns = [
    path("", public_views.front, name="front"),
    path("muc/<slug:key>/", public_views.section, name="section"),
    path("muc/<slug:key>/nghe", public_sound.section, name="section-sound"),
    path("tin-bai/", public_views.news, name="news"),
    path("tin/<slug:slug>", public_views.article, name="article"),
    path("tin/<slug:slug>/nghe", public_sound.sound, name="sound"),
    path("lien-he/", public_views.contact, name="contact"),
    path("tim/", search_views.search, name="search"),
    path("so-do/", public_views.contents, name="contents"),
    path("tro-nang/", public_views.accessibility, name="accessibility"),
    path("anh/<str:sha256>", public_files.picture, name="picture"),
    path("tai-lieu/<uuid:pk>", public_files.paper, name="paper"),
    path("tai-lieu/<uuid:pk>/nghe", public_sound.paper, name="paper-sound"),
    path("lich-phat-thanh/", public_air.timetable, name="timetable"),
    path("lich-phat-thanh/<uuid:pk>/", public_air.hamlet, name="timetable-hamlet"),
    path("nghe-lai/", public_air.listen, name="listen"),
    path("nghe-lai/<uuid:pk>.mp3", public_air.again, name="again"),
    path("ban-do/", public_map.town, name="map"),
    path("nhan-tin/", public_feeds.listing, name="feeds"),
    path("tin-moi.rss", public_feeds.rss, name="rss"),
    path("tin-moi.atom", public_feeds.atom, name="atom"),
    path("linh-vuc/<slug:field>.<slug:form>", public_feeds.field, name="field"),
    path("nghe-lai.rss", public_feeds.podcast, name="podcast"),
    path("lich-phat-thanh.ics", public_feeds.calendar, name="calendar"),
    path("su-kien.ics", public_feeds.events, name="events-calendar"),
    path("su-kien/", public_events.listing, name="events"),
    path("su-kien/da-qua/", public_events.past, name="events-past"),
    path("su-kien/<slug:slug>", public_events.event, name="event"),
    path("su-kien/<slug:slug>/nghe", public_sound.event, name="event-sound"),
    path("su-kien/<slug:slug>.ics", public_events.calendar, name="event-calendar"),
    path("sitemap.xml", public_feeds.addresses, name="sitemap"),
    path("robots.txt", public_feeds.robots, name="robots"),
    path("y-kien/", public_surveys.listing, name="surveys"),
    path("y-kien/<slug:slug>", public_surveys.survey, name="survey"),
    path("y-kien/<slug:slug>/cam-on", public_surveys.thanks, name="survey-thanks"),
    path("y-kien/<slug:slug>/du-thao", public_surveys.draft, name="survey-draft"),
]
