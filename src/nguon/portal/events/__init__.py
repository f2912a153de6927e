"""Events of a locality: written, approved by another, shown by month and in calendars."""
