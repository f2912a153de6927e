"""The office of sites."""
