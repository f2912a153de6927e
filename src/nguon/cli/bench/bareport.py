"""The barest server of the same bytes: uvicorn, started as our web service is, and an application of three lines.

Run as `python -m nguon.cli.bench.bareport PORT FILE`.
"""

import sys
from pathlib import Path
from typing import Any

import uvicorn


def main() -> None:
    """Serve the bytes of a file to whoever asks for anything."""
    port, file = sys.argv[1:]
    body = Path(file).read_bytes()
    headers = [(b"content-type", b"text/html"), (b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(body))]

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(app, host="127.0.0.1", port=int(port), lifespan="off", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
