"""A whole site as a ZIP, asked for in the office: made beside the web, kept for some days, fetched by who may."""
