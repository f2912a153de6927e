"""The addresses of the territory, with the reorganisation, which reaches over many floors."""

from django.urls import path

from nguon.config import reform_pages
from nguon.places import urls

app_name = urls.app_name
urlpatterns = [path("sap-xep", reform_pages.reorganise, name="reorganise"), *urls.urlpatterns]
