"""What people tell their locality (phản ánh, kiến nghị) and what became of it: every case has an owner and an answer."""
