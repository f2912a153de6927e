"""`python -m nguon.cli` is `nguon`."""

from nguon.cli import main

main()
