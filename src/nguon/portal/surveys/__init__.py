"""Surveys and consultations of a site: what is asked, when, and what was answered. Nobody is asked who they are."""
