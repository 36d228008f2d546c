"""A hundred people who open links at the same moment, again and again: `python -m benchmarks.viewers`."""

from __future__ import annotations

import asyncio
import json
import sys
import time


async def opened(port: int, path: str) -> tuple[float, int]:
    """Open a page on a connection of its own; how long it took to its last byte, and how many bytes it had."""
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    n_bytes = 0
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"{path} was answered by {status!r}")
    while piece := await reader.read(1 << 18):
        n_bytes += len(piece)
    writer.close()
    return time.perf_counter() - start, n_bytes


async def bursts(port: int, paths: list[str], n_viewers: int, n_bursts: int, every_seconds: float) -> list[float]:
    """Let all viewers open a link at once, wait, and let them again; how long each waited, in seconds."""
    waited: list[float] = []
    for _burst in range(n_bursts):
        begun = time.perf_counter()
        answers = await asyncio.gather(*(opened(port, paths[viewer % len(paths)]) for viewer in range(n_viewers)))
        waited += [seconds for seconds, _n_bytes in answers]
        await asyncio.sleep(max(0.0, every_seconds - (time.perf_counter() - begun)))
    return waited


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    print(json.dumps(asyncio.run(bursts(**told))))
