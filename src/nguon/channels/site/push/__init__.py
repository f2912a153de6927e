"""Telling telephones: what a push service is handed, encrypted so that only the browser that asked can read it."""
