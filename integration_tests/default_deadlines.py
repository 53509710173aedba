"""Slow clients against a server with its default deadlines: each must be closed within a minute.

    nox -s deadlines

Sockets of our own (sending nothing, dripping heads and bodies, no longer reading, with and without
TLS) and slowhttptest in its modes, all at once on each event loop. The seconds are printed.
"""

import argparse
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from native import handle
from serving import LOOPS, ServerThread, in_thread, make_server, needed_program

MOST = 60.0
ATTACKERS = 40
POST = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"

Attack = Callable[[socket.socket], None]


# Clients of our own


def send_nothing(sock: socket.socket) -> None:
    sock.recv(1)


def drip(begin: bytes, sock: socket.socket) -> None:
    """A byte every two seconds; returns at the first sign of a close."""
    sock.sendall(begin)
    sock.settimeout(2)
    while True:
        try:
            if sock.recv(1) != b"H":  # of HTTP/1.1 408: what follows is the close
                return
            sock.settimeout(None)
        except TimeoutError:
            sock.sendall(b"x")


def stop_reading(path: bytes, sock: socket.socket) -> None:
    sock.sendall(GET % path)
    broken = select.poll()
    broken.register(sock, 0)  # of errors and resets one is told always
    broken.poll(120_000)


def never_close(sock: socket.socket) -> None:
    """After the last response; seconds count from the server's end of sending to its close."""
    sock.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    while sock.recv(1000):
        pass
    try:
        while True:  # until the server no longer takes it
            sock.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        return


ATTACKS: dict[str, tuple[Attack, str]] = {
    "sends nothing": (send_nothing, "first_byte"),
    "a head, a byte every 2 s": (lambda sock: drip(b"GET /", sock), "head"),
    "a body, a byte every 2 s": (lambda sock: drip(POST, sock), "body_grace"),
    "stops reading bytes": (lambda sock: stop_reading(b"/large", sock), "write"),
    "stops reading a file": (lambda sock: stop_reading(b"/file", sock), "write"),
    "stops reading a stream": (lambda sock: stop_reading(b"/flood", sock), "write"),
    "never closes after the last response": (never_close, "linger"),
}


def seconds_until_closed(attack: Attack, port: int, tls: ssl.SSLContext | None) -> float:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with sock:
        sock.connect(("127.0.0.1", port))
        begun = time.monotonic()
        try:
            attack(sock if tls is None else tls.wrap_socket(sock))
        except OSError:  # a reset is a close too
            pass
        return time.monotonic() - begun


# slowhttptest

MODES = {
    "slow headers": ("-H", "-i", "2", "/hello"),
    "slow body": ("-B", "-i", "2", "-s", "4096", "-x", "4", "/echo"),
    "slow read": ("-X", "-w", "10", "-y", "20", "-n", "200", "-z", "1", "/large"),
    "range": ("-R", "-a", "5", "-b", "1000", "-t", "GET", "/large"),
}


def seconds_of_slowhttptest(mode: str, server: ServerThread) -> float:
    """Until all connections of the attack are closed."""
    *options, path = MODES[mode]
    count = str(ATTACKERS)
    program = needed_program("slowhttptest")
    url = f"http://127.0.0.1:{server.port}{path}"
    command = [program, "-c", count, "-r", count, "-l", "100", "-p", "3", *options, "-u", url]
    begun = time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as attacking:
        most = 0
        while time.monotonic() - begun < 100 and attacking.poll() is None:
            most = max(most, server.connections)
            # slowhttptest has one more, to see whether we live.
            if most > ATTACKERS / 2 and server.connections <= 1:
                break
            time.sleep(0.05)
        attacking.terminate()
    return time.monotonic() - begun


def certificate(folder: Path) -> tuple[Path, Path]:
    files = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-subj", "/CN=localhost", "-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run(command, check=True, capture_output=True)
    return files


def attack_all(loop: str) -> dict[str, float]:
    """All attacks at once on one event loop; the seconds that each took."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_side.load_cert_chain(*certificate(folder))
        client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client_side.check_hostname = False
        client_side.verify_mode = ssl.CERT_NONE
        plain = stack.enter_context(in_thread(make_server(handle), loop))
        secured = stack.enter_context(in_thread(make_server(handle), loop, ssl=server_side))
        pool = stack.enter_context(ThreadPoolExecutor(40))
        jobs: dict[str, Any] = {}
        for name, (attack, _) in ATTACKS.items():
            jobs[name] = pool.submit(seconds_until_closed, attack, plain.port, None)
            if name != "never closes after the last response":  # TLS closes at once there
                jobs[f"{name}, TLS"] = pool.submit(
                    seconds_until_closed, attack, secured.port, client_side
                )
        for mode in MODES:
            server = stack.enter_context(in_thread(make_server(handle), loop))
            jobs[f"slowhttptest, {mode}"] = pool.submit(seconds_of_slowhttptest, mode, server)
        return {name: job.result() for name, job in jobs.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loop", choices=tuple(LOOPS), action="append")
    options = parser.parse_args()
    loops = options.loop or list(LOOPS)
    with ThreadPoolExecutor(len(loops)) as pool:
        found = dict(zip(loops, pool.map(attack_all, loops), strict=True))
    print(f"{'seconds until closed':40}", *(f"{loop:>8}" for loop in loops))
    names = next(iter(found.values()))
    for name in names:
        print(f"{name:40}", *(f"{found[loop][name]:8.1f}" for loop in loops))
    late = [name for name in names for loop in loops if found[loop][name] > MOST]
    print(f"over {MOST:g} seconds: " + (", ".join(late) or "none"))
    return bool(late)


if __name__ == "__main__":
    sys.exit(main())
