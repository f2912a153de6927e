"""What people tell their locality (phản ánh, kiến nghị) and what became of it: no case without owner and answer."""
