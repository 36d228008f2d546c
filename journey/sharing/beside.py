"""The publishing process beside the app: started with it, started again when it dies, and never left behind.

The app holds the port and lends it to its child, so that a visitor who comes while the child starts again waits instead
of finding nobody. The child watches its standard input: it ends when the app does, however that ends.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from journey import errors
from journey.language import _
from journey.places import HOME_VARIABLE, default_home
from journey.sharing.addresses import PLACE_VARIABLE, known_hosts, own_port, share_place
from journey.sharing.errors import PlaceError
from journey.sharing.logs import log
from journey.sharing.publisher import listening, server_of, write_log

#: How long it is waited before another start; twice as long each time, as long as children die young.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, YOUNG_SECONDS = 0.5, 30.0, 60.0
#: What is being answered may be answered to its end.
LAST_SECONDS: Final = 10.0


class Publishing:
    """The publishing process of this app, if `SHARE` asks for one."""

    def __init__(self) -> None:
        self._port: socket.socket | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def listen(self) -> None:
        """Take the address and port that `SHARE` names; nothing is answered there yet.

        Raises
        ------
        PlaceError
            When it can't be had, or a setting of the publishing process can't be read.
        """
        place = share_place()
        if place is None or self._port is not None:
            return
        if place.port == own_port():
            reason = _("the app itself listens on this port")
            raise PlaceError.taken(PLACE_VARIABLE, str(place), reason)
        known_hosts()  # what the child would stumble over is said now
        self._port = listening(place)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the publishing process for as long as the block lasts."""
        self.listen()
        if self._port is None:
            yield
            return
        keeper = threading.Thread(target=self._keep, args=(self._port,), name="publishing process", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            self._is_over.set()
            self._end()
            keeper.join()
            self._port.close()
            self._port = None

    def _keep(self, port: socket.socket) -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while not self._is_over.is_set():
            started = time.monotonic()
            with self._lock:
                if self._is_over.is_set():
                    return
                self._child = _started(port)
            status = self._child.wait()
            _let_go(self._child)
            if self._is_over.is_set():
                return
            if time.monotonic() - started > YOUNG_SECONDS:
                pause_seconds = FIRST_PAUSE_SECONDS
            log.error("the publishing process ended with %d; it is started again in %.1f s", status, pause_seconds)
            self._is_over.wait(pause_seconds)
            pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)

    def _end(self) -> None:
        with self._lock:
            child = self._child
        if child is None:
            return
        _let_go(child)
        try:
            child.wait(LAST_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _let_go(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def _started(port: socket.socket) -> subprocess.Popen[bytes]:
    found = os.pathsep.join(filter(None, (str(Path(errors.__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - our own interpreter, and no argument comes from data
        [sys.executable, "-P", "-m", __spec__.name, str(port.fileno())],
        stdin=subprocess.PIPE,
        pass_fds=(port.fileno(),),
        env=os.environ | {"PYTHONPATH": found, HOME_VARIABLE: str(default_home().absolute())},
        # An interrupt from the terminal is for the app, which ends its child.
        start_new_session=True,
    )


def main(descriptor: int) -> None:
    """Be the publishing process: answer on a port that the app lends, until the app is gone."""
    write_log()
    server = server_of()
    with socket.socket(fileno=descriptor) as port:

        def watch() -> None:
            sys.stdin.buffer.read()
            server.should_exit = True
            time.sleep(LAST_SECONDS)
            os._exit(1)

        threading.Thread(target=watch, name="watches the app", daemon=True).start()
        server.run(sockets=[port])


if __name__ == "__main__":
    main(int(sys.argv[1]))
