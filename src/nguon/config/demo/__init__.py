"""The demonstration district: its facts in YAML, and what loads them through the product's own actions."""
