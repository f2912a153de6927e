"""What stands on boards without anybody writing it anew: timetables, and values that others keep up to date."""
