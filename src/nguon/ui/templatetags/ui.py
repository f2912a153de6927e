"""Template tags of the interface, loaded in every template."""

from django import template

register = template.Library()
