"""The browser that is a board: started, watched, started again. What the board says and does is its page's own.

`rules` and `power` decide, `picture` looks, `cdp` and `page` talk with the browser, `browser` is its process,
`watch` joins them, `ask` lets other programs of this machine ask.
"""
