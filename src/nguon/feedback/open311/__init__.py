"""Open311 GeoReport v2, so that other programs list what may be told, tell it and follow it. By its own contract."""
