"""A screen that belongs to somebody else, used by decision or agreement: when, where on it, and what the owner sees."""
