"""``--reload``: the server in a child process, which is begun anew when a file changes.

The parent opens the listening sockets once and hands them to each child, so no connection is
refused between two of them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from ._accept import listen
from ._import_string import StartError
from ._reload_files import watch
from ._supervisor import Supervisor
from .options import server_arguments, start_arguments
from .run import STOP_SIGNALS

__all__ = ["run_reloading", "stop_signals", "take_sockets"]

logger = logging.getLogger("drystone_server")

_IS_WINDOWS: Final = os.name == "nt"

_INHERITED: Final = "DRYSTONE_SERVER_INHERITED"
"""The variable that tells a child its descriptors: the sockets, and a pipe that ends with us."""


def run_reloading(values: Mapping[str, Any], app_dir: str | Path = ".") -> int:
    """Run this command again as a child process, and anew with each change, until a signal comes.

    The child calls `take_sockets`.

    Args:
        values: by key of `drystone_server.options.OPTIONS`.
        app_dir: the folder to watch where ``reload_dirs`` names none.

    Returns:
        The exit status of the last child.

    Raises:
        StartError: watchfiles is not installed, a folder is none, or the system is Windows.
        OSError: the address cannot be listened on, or a file of the TLS options is wrong.
        ValueError: an option is wrong.
    """
    if _IS_WINDOWS:
        raise StartError(
            "--reload hands sockets on, which Windows does not; "
            "try: watchfiles --filter python '<this command>'"
        )
    folders = [Path(folder) for folder in values["reload_dirs"] or (app_dir,)]
    changes = watch(folders, values["reload_include"])
    server_arguments(values)  # what is wrong with the options is wrong for every child
    with ExitStack() as opened:
        sockets = [opened.enter_context(sock) for sock in _open_sockets(values)]
        alive, end = os.pipe()  # the system closes our end when we die, however that comes
        opened.callback(os.close, alive)
        opened.callback(os.close, end)
        logger.info("Watching %s", ", ".join(str(folder.resolve()) for folder in folders))
        logging.getLogger("watchfiles").setLevel(logging.WARNING)
        descriptors = [*(sock.fileno() for sock in sockets), alive]
        return asyncio.run(_supervise(changes, descriptors))


def _open_sockets(values: Mapping[str, Any]) -> Sequence[socket.socket]:
    start = start_arguments(values)
    given: Sequence[socket.socket] | None = start.get("sockets")
    return given or listen(start["host"], start["port"], start["backlog"])


async def _supervise(changes: AsyncIterator[set[Path]], descriptors: Sequence[int]) -> int:
    command = [sys.executable, *sys.orig_argv[1:]]
    supervisor = Supervisor(partial(_start, command, descriptors), changes)
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, supervisor.stop)
    return await supervisor.run()


async def _start(command: Sequence[str], descriptors: Sequence[int]) -> Process:
    environment = {**os.environ, _INHERITED: ",".join(map(str, descriptors))}
    return Process(
        await asyncio.create_subprocess_exec(*command, pass_fds=descriptors, env=environment)
    )


class Process:
    """A child that is signalled by its number: then nobody but the event loop asks for its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def returncode(self) -> int | None:
        """Its status, or None."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait for its end."""
        return await self._process.wait()

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)


def take_sockets(values: MutableMapping[str, Any]) -> bool:
    """In a child of `run_reloading`, take what it was given.

    SIGINT is left to the parent from now on; when the parent dies, this process gets SIGTERM.

    Args:
        values: by key of `drystone_server.options.OPTIONS`; in a child its ``fd`` then names the
            sockets.

    Returns:
        Whether this is such a child.
    """
    given = os.environ.pop(_INHERITED, None)
    if given is None:
        return False
    *sockets, alive = (int(number) for number in given.split(","))
    for number in (*sockets, alive):
        os.set_inheritable(number, False)
    values["fd"], values["uds"] = tuple(sockets), None
    signal.signal(signal.SIGINT, lambda number, frame: None)
    threading.Thread(target=_follow, args=(alive,), name="parent", daemon=True).start()
    return True


def _follow(alive: int) -> None:
    """Stop this process when its parent has ended."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def stop_signals(values: Mapping[str, Any]) -> Sequence[signal.Signals]:
    """The signals that stop a server: a child of `run_reloading` leaves SIGINT to its parent.

    Ctrl+C reaches both, and the parent's SIGTERM would be a second signal, which cuts connections.
    """
    return (signal.SIGTERM,) if values.get("reload") else STOP_SIGNALS
