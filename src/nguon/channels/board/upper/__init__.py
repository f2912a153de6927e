"""What large boards show of the system above: classes of boards and their playlists, given and taken, and reports."""
