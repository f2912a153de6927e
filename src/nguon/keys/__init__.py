"""The keys of authorities and people: made here, kept sealed, and what is said to devices is signed with them."""
