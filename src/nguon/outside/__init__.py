"""What is asked of servers that are not ours: guarded, bounded, polite. Knows no database."""
