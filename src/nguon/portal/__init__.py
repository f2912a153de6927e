"""The websites of localities: what stands where on which site, from when to when. How it looks is a channel's."""
