"""Resident memory per idle keep-alive connection, after one request each."""

import socket
import time
from collections.abc import Sequence
from pathlib import Path

from load import Contender, serving

CONNECTIONS = 2000
REQUEST = b"GET /user/42 HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: memory\r\n\r\n"


def memory_table(contenders: Sequence[Contender]) -> str:
    """A markdown table: kB per connection, and the difference to the first contender."""
    figures = {contender.name: per_connection(contender) for contender in contenders}
    ground = next(iter(figures.values()))
    lines = ["| server | kB per idle connection | above the floor |", "| --- | --- | --- |"]
    for name, size in figures.items():
        lines.append(f"| {name} | {size:.1f} | {size - ground:.1f} |")
    return "\n".join(lines)


def per_connection(contender: Contender) -> float:
    """kB of the server's processes for each of the connections."""
    with serving(contender) as (process, port):
        warm = [ask(port) for _ in range(50)]
        for sock in warm:
            sock.close()
        time.sleep(0.5)
        before = resident(process.pid)
        sockets = [ask(port) for _ in range(CONNECTIONS)]
        time.sleep(0.5)
        used = resident(process.pid) - before
        for sock in sockets:
            sock.close()
    return used / CONNECTIONS


def ask(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(REQUEST)
    while not sock.recv(65536).endswith(b"42"):
        pass
    return sock


def resident(pid: int) -> int:
    """kB of the process and its descendants."""
    kilobytes = 0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            kilobytes += int(line.split()[1])
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            kilobytes += resident(int(child))
    return kilobytes
