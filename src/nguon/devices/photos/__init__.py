"""Photos of what a screen shows: asked for from the office or taken by the hour, sent by the device, kept a season."""
