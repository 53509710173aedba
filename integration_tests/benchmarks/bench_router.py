"""What a lookup costs: our router beside those of other frameworks, on one table in one run.

Each looks up the method and the path of ten thousand requests, nearly all distinct, so that no
cache of whole paths helps, and must give the right pattern's value with the right parameters
(checked before anything is timed). Then ten thousand that match nothing. The figure is the best of
several rounds over all requests, divided by their number; rounds of different routers alternate.

Run it with `nox -s bench -- router`; `--sizes 10 250` for other sizes, `--quick` for fewer rounds.
"""

import argparse
import contextlib
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from drystone_router import NotFound, Router
from router_table import Asked, Listed, hits, misses, routes

# Gives the value and the parameters, or None.
Lookup = Callable[[str, str], tuple[Any, dict[str, Any]] | None]
Pairs = list[tuple[str, str]]


class Adapter(NamedTuple):
    """A router with the table in it: one lookup, for the check, and all, to be timed."""

    look_up: Lookup
    look_all_up: Callable[[Pairs], None]


# Adds the table and compiles what the router compiles before its first lookup.
Make = Callable[[list[Listed]], Adapter]

REQUESTS = 10_000
PATIENCE = 20.0  # seconds to compile a table, if that grows with the square of its size
SECONDS = 1.0  # no router gets much more for one round: the slow ones are asked less


def drystone(table: list[Listed]) -> Adapter:
    router: Router[str] = Router()
    for listed in table:
        router.add_route(listed.pattern, listed.pattern, listed.methods)
    router.compile()
    match = router.match

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        try:
            found = match(method, path)
        except NotFound:
            return None
        return found.value, found.params

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            try:
                match(method, path)
            except NotFound:
                pass

    return Adapter(look_up, look_all_up)


def drystone_find(table: list[Listed]) -> Adapter:
    router: Router[str] = Router()
    for listed in table:
        router.add_route(listed.pattern, listed.pattern, listed.methods)
    router.compile()
    find = router.find

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        found = find(method, path)
        return None if found is None else (found.value, found.params)

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            find(method, path)

    return Adapter(look_up, look_all_up)


def falcon(table: list[Listed]) -> Adapter:
    from falcon.routing import CompiledRouter

    class Resource:
        def __init__(self, value: str) -> None:
            self.value = value

        def answer(self, req: object, resp: object, **params: str) -> None:
            """Never called."""

    router = CompiledRouter()
    for listed in table:
        resource = Resource(listed.pattern)
        for method in listed.methods:
            setattr(resource, f"on_{method.lower()}", resource.answer)
        router.add_route(listed.pattern, resource)
    router.find("/")
    find = router.find

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        found = find(path)
        if found is None:
            return None
        resource, methods, params, _template = found
        methods[method]
        return resource.value, params

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            found = find(path)
            if found is not None:
                found[1][method]

    return Adapter(look_up, look_all_up)


def sanic(table: list[Listed]) -> Adapter:
    from sanic_routing import BaseRouter
    from sanic_routing.exceptions import NotFound as SanicNotFound

    class SanicRouter(BaseRouter):
        def get(self, path: str, method: str) -> Any:
            return self.resolve(path=path, method=method)

    router = SanicRouter()
    for listed in table:
        path = listed.pattern.replace("{", "<").replace("}", ">")
        router.add(path, lambda value=listed.pattern: value, methods=listed.methods)
    router.finalize()
    get = router.get

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        try:
            _route, handler, params = get(path, method)
        except SanicNotFound:
            return None
        return handler, params

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            try:
                get(path, method)
            except SanicNotFound:
                pass

    return Adapter(look_up, look_all_up)


def litestar(table: list[Listed]) -> Adapter:
    from litestar import Litestar, route
    from litestar.exceptions import NotFoundException

    def handler_for(listed: Listed) -> Any:
        async def handle() -> None:
            """Never called."""

        path = listed.pattern.replace("}", ":str}")
        return route(path, http_method=list(listed.methods), name=listed.pattern)(handle)

    app = Litestar([handler_for(listed) for listed in table], openapi_config=None)
    find = app.asgi_router.handle_routing

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        try:
            _app, handler, _path, params, _template = find(path, method)
        except NotFoundException:
            return None
        return handler.name, params

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            try:
                find(path, method)
            except NotFoundException:
                pass

    return Adapter(look_up, look_all_up)


def werkzeug(table: list[Listed]) -> Adapter:
    from werkzeug.exceptions import NotFound as WerkzeugNotFound
    from werkzeug.routing import Map, Rule

    rules = [
        Rule(
            listed.pattern.replace("{", "<").replace("}", ">"),
            endpoint=listed.pattern,
            methods=listed.methods,
        )
        for listed in table
    ]
    match = Map(rules).bind("localhost").match

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        try:
            return match(path, method)
        except WerkzeugNotFound:
            return None

    return Adapter(look_up, calling(look_up))


def starlette(table: list[Listed]) -> Adapter:
    from starlette.routing import Match, Route

    async def handle(request: object) -> None:
        """Never called."""

    known = [Route(r.pattern, handle, methods=r.methods, name=r.pattern) for r in table]

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        scope = {"type": "http", "method": method, "path": path, "path_params": {}}
        for route in known:
            match, child = route.matches(scope)
            if match is Match.FULL:
                return route.name, child["path_params"]
        return None

    return Adapter(look_up, calling(look_up))


def aiohttp(table: list[Listed]) -> Adapter:
    from aiohttp.web import UrlDispatcher

    async def handle(request: object) -> None:
        """Never called."""

    dispatcher = UrlDispatcher()
    for listed in table:
        resource = dispatcher.add_resource(listed.pattern)
        for method in listed.methods:
            resource.add_route(method, handle)

    def look_up(method: str, path: str) -> tuple[Any, dict[str, Any]] | None:
        url = SimpleNamespace(raw_path=path, path_safe=path)
        request: Any = SimpleNamespace(method=method, rel_url=url, _rel_url=url, url=url)
        with contextlib.closing(dispatcher.resolve(request)) as resolving:
            try:
                resolving.send(None)
            except StopIteration as done:
                found = done.value
        if found.http_exception is not None:
            return None
        return found.route.resource.canonical, dict(found)

    return Adapter(look_up, calling(look_up))


def calling(look_up: Lookup) -> Callable[[Pairs], None]:
    """For the slower routers, where the call more does not show."""

    def look_all_up(pairs: Pairs) -> None:
        for method, path in pairs:
            look_up(method, path)

    return look_all_up


PEERS: dict[str, Make] = {
    "drystone": drystone,
    "drystone find": drystone_find,
    "falcon": falcon,
    "sanic": sanic,
    "litestar": litestar,
    "werkzeug": werkzeug,
    "aiohttp": aiohttp,
    "starlette": starlette,
}


class Made(NamedTuple):
    adapter: Adapter
    seconds: float
    bytes_per_route: float


def made(make: Make, table: list[Listed]) -> Made:
    """The router, the time to add and compile the table, and the memory that the table takes."""
    make(table[:10])  # imports and warm-up
    gc.collect()
    tracemalloc.start()
    kept = make(table)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    start = time.process_time()
    adapter = make(table)
    return Made(adapter, time.process_time() - start, size / len(table))


def check(name: str, look_up: Lookup, requests: list[Asked]) -> None:
    for asked in requests[:: max(1, len(requests) // 500)]:
        found = look_up(asked.method, asked.path)
        if asked.pattern is None:
            assert found is None, (name, asked, found)
            continue
        assert found is not None, (name, asked)
        value = found[0]() if callable(found[0]) else found[0]
        assert (value, found[1]) == (asked.pattern, asked.params), (name, asked, found)


def timed(adapter: Adapter, requests: list[Asked]) -> float:
    """Microseconds per lookup, in one round over as many requests as there is time for."""
    # Paths come from the network: no string has its hash from the round before.
    pairs = [(asked.method, asked.path.encode().decode()) for asked in requests]
    start = time.process_time()
    adapter.look_all_up(pairs[:50])
    estimate = (time.process_time() - start) / 50
    pairs = pairs[50 : 50 + max(100, int(SECONDS / max(estimate, 1e-9)))]
    start = time.process_time()
    adapter.look_all_up(pairs)
    return (time.process_time() - start) / len(pairs) * 1e6


def compare(size: int, names: list[str], rounds: int) -> dict[str, float]:
    """Print one table; gives the seconds that each router took to compile."""
    table = routes(size)
    asked = {"hit": hits(table, REQUESTS), "miss": misses(table, REQUESTS)}
    routers = {name: made(PEERS[name], table) for name in names}
    best: dict[tuple[str, str], float] = {}
    for name, router in routers.items():
        for requests in asked.values():
            check(name, router.adapter.look_up, requests)
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for name, router in routers.items():
            for kind, requests in asked.items():
                taken = timed(router.adapter, requests)
                best[name, kind] = min(taken, best.get((name, kind), taken))
    gc.enable()
    print(f"\n{size} routes       hit us  miss us   of falcon's   compile ms   bytes/route")
    reference = "falcon" if "falcon" in names else names[0]
    for name, router in routers.items():
        hit, miss = best[name, "hit"], best[name, "miss"]
        against = f"{hit / best[reference, 'hit']:5.2f} {miss / best[reference, 'miss']:5.2f}"
        print(
            f"{name:13} {hit:10.2f} {miss:8.2f}   {against:>12} {router.seconds * 1e3:12.1f}"
            f" {router.bytes_per_route:13.0f}"
        )
    return {name: router.seconds for name, router in routers.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 250, 1000, 5000])
    parser.add_argument("--routers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}")
    names, before, seconds = options.routers, 1, dict[str, float]()
    for size in sorted(options.sizes):
        slow = {n for n in names if seconds.get(n, 0) * (size / before) ** 2 > PATIENCE}
        for name in sorted(slow):
            print(f"\n{name} would compile {size} routes for too long, and is left out")
        names = [name for name in names if name not in slow]
        seconds = compare(size, names, 2 if options.quick else 7)
        before = size


if __name__ == "__main__":
    main()
