"""Following a site on a telephone: who asked for what, and who wants it no more."""
