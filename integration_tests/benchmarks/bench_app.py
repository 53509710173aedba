"""The whole facade on our server beside its peers, and what importing it costs.

    nox -s bench -- app                 everything
    nox -s bench -- app get --rounds 1  one table: get, get14, post, layers or imports
    nox -s bench -- app post --only drystone falcon

Peers that are not installed are left out. Figures: CPU microseconds of the server per request; see
``load.py``.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from load import BROWSER_HEADERS, Contender, Load, compare, table

BODY = (
    '{"name":"Ada Lovelace","email":"ada@example.org","age":36,"active":true,'
    '"tags":["math","poetry"],"address":{"street":"1 St James Square","city":"London"}}'
)


# The applications. Each function builds one.


def user_type(base: type) -> Any:
    """What a POST is validated as, in the manner of msgspec or of pydantic."""
    address = {"street": str, "city": str}
    user = {"name": str, "email": str, "age": int, "active": bool, "tags": list[str]}
    place = type(base)("Address", (base,), {"__module__": __name__, "__annotations__": address})
    fields = {**user, "address": place}
    return type(base)("User", (base,), {"__module__": __name__, "__annotations__": fields})


def drystone_app(kind: str) -> Any:
    import msgspec
    from drystone import App

    async def untyped(request: Any, id: str) -> str:
        return id

    async def typed(id: int) -> str:
        return str(id)

    async def with_query(id: int, page: int = 1, size: int = 10, offset: int = 0) -> str:
        return str(id)

    async def by_hand(request: Any, id: str) -> str:
        query = request.query
        int(query.get("page", 1)), int(query.get("size", 10)), int(query.get("offset", 0))
        return str(int(id))

    async def create(user):  # type: ignore[no-untyped-def]
        return user

    create.__annotations__["user"] = user_type(msgspec.Struct)

    def nothing(handler: Any) -> Any:
        async def pass_on(request: Any) -> Any:
            return await handler(request)

        return pass_on

    app: App[None] = App(middleware=[nothing] * (10 if kind == "middleware" else 0))
    handlers = {"typed": typed, "query": with_query, "by hand": by_hand}
    app.add_route("/user/{id}", handlers.get(kind, untyped))
    app.add_route("/users", create, ["POST"])
    return app


def serve_drystone(kind: str, port: int) -> None:
    drystone_app(kind).run(port=port, access_log=False)


def serve_server(kind: str, port: int) -> None:
    """Our server alone, a handler without a facade."""
    import asyncio

    import uvloop
    from drystone_parser import RequestParser
    from drystone_server import HTTPServer, Request, Response

    fields = [("content-type", "text/plain; charset=utf-8")]

    async def handle(request: Request) -> Response:
        return Response(request.raw_path[6:].encode(), 200, fields)

    async def main() -> None:
        server = HTTPServer(handle, lambda: RequestParser(Request))
        await server.start("127.0.0.1", port)
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


async def raw_asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        body = scope["path"][6:].encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def fastapi_app() -> Any:
    from fastapi import FastAPI
    from fastapi.responses import PlainTextResponse
    from pydantic import BaseModel

    app = FastAPI()

    async def user(id: int) -> PlainTextResponse:
        return PlainTextResponse(str(id))

    async def create(user: Any) -> Any:
        return user

    create.__annotations__["user"] = user_type(BaseModel)
    app.get("/user/{id}")(user)
    app.post("/users")(create)
    return app


def starlette_app() -> Any:
    import msgspec
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    decoder = msgspec.json.Decoder(user_type(msgspec.Struct))
    encoder = msgspec.json.Encoder()

    async def user(request: Any) -> PlainTextResponse:
        return PlainTextResponse(request.path_params["id"])

    async def create(request: Any) -> Response:
        body = encoder.encode(decoder.decode(await request.body()))
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/user/{id}", user), Route("/users", create, methods=["POST"])])


def falcon_app() -> Any:
    import falcon.asgi
    import msgspec

    decoder = msgspec.json.Decoder(user_type(msgspec.Struct))
    encoder = msgspec.json.Encoder()

    class OneUser:
        async def on_get(self, request: Any, response: Any, id: str) -> None:
            response.text = id
            response.content_type = "text/plain; charset=utf-8"

    class Users:
        async def on_post(self, request: Any, response: Any) -> None:
            response.data = encoder.encode(decoder.decode(await request.stream.read()))
            response.content_type = "application/json"

    app = falcon.asgi.App()
    app.add_route("/user/{id}", OneUser())
    app.add_route("/users", Users())
    return app


PEERS: dict[str, tuple[str, Callable[[], Any]]] = {
    "raw": ("", lambda: raw_asgi),
    "fastapi": ("fastapi", fastapi_app),
    "starlette": ("starlette", starlette_app),
    "falcon": ("falcon", falcon_app),
}


def serve_uvicorn(kind: str, port: int) -> None:
    import uvicorn

    uvicorn.run(PEERS[kind][1](), port=port, log_level="error", loop="uvloop", http="httptools")


def serve_granian(kind: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    factory = "bench_app:factory_" + kind
    Server(factory, port=port, interface=Interfaces.ASGI, factory=True, log_enabled=False).serve()


def factory_raw() -> Any:
    return raw_asgi


def factory_falcon() -> Any:
    return falcon_app()


SERVERS = {
    "drystone": serve_drystone,
    "server": serve_server,
    "uvicorn": serve_uvicorn,
    "granian": serve_granian,
}


# The tables.


def contender(name: str, server: str, kind: str) -> Contender:
    here = str(Path(__file__).resolve())
    return Contender(name, [sys.executable, here, "serve", server, kind, "{port}"])


def available(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) for module in modules if module)


def getters() -> list[Contender]:
    found = [
        contender("drystone, untyped", "drystone", "untyped"),
        contender("drystone, typed", "drystone", "typed"),
        contender("drystone-server alone", "server", ""),
    ]
    if available("granian"):
        found.append(contender("granian, raw ASGI", "granian", "raw"))
    if available("uvicorn", "httptools"):
        found.append(contender("uvicorn, raw ASGI", "uvicorn", "raw"))
        found += peers_on_uvicorn()
    return found


def peers_on_uvicorn() -> list[Contender]:
    return [
        contender(f"uvicorn + {name}", "uvicorn", name)
        for name, (module, _) in PEERS.items()
        if module and available(module)
    ]


def posters() -> list[Contender]:
    found = [contender("drystone", "drystone", "untyped")]
    if available("granian", "falcon"):
        found.append(contender("granian + falcon + msgspec", "granian", "falcon"))
    if available("uvicorn", "httptools"):
        found += peers_on_uvicorn()
    return found


def layers() -> list[Contender]:
    return [
        contender("untyped", "drystone", "untyped"),
        contender("one typed path parameter", "drystone", "typed"),
        contender("that and three query parameters", "drystone", "query"),
        contender("the same four by hand", "drystone", "by hand"),
        contender("ten middlewares that do nothing", "drystone", "middleware"),
    ]


def show(title: str, contenders: Sequence[Contender], load: Load, options: Any) -> None:
    shown = [c for c in contenders if any(part in c.name for part in options.only)]
    floor = next((c.name for c in shown if c.name.startswith("granian")), shown[0].name)
    figures = compare(shown, load, rounds=options.rounds)
    print(f"\n### {title}\n\n{table(figures, floor=floor)}")


def show_imports() -> None:
    """Milliseconds of CPU and megabytes that importing adds to ``import asyncio``; best of five."""
    measure = (
        "import asyncio, resource, sys, time\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "begun = time.process_time()\n"
        "__import__(sys.argv[1])\n"
        "print(time.process_time() - begun,\n"
        "      resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    print("\n### import\n\n| module | ms | MB |\n| --- | --- | --- |")
    for module in ("drystone", "starlette.applications", "litestar", "fastapi"):
        if not available(module.partition(".")[0]):
            continue
        command = [sys.executable, "-c", measure, module]
        runs = [
            subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            for _ in range(5)
        ]
        seconds, kilobytes = min(float(run[0]) for run in runs), min(int(run[1]) for run in runs)
        print(f"| {module} | {seconds * 1000:.1f} | {kilobytes / 1024:.1f} |")


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        SERVERS[sys.argv[2]](sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", default=["get", "get14", "post", "layers", "imports"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", nargs="+", default=[""], help="parts of the names to measure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        post = Path(folder) / "post.lua"
        post.write_text(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
            f"wrk.body = '{BODY}'\n"
        )
        for name in options.tables:
            seconds = options.seconds
            if name == "get":
                load = Load("/user/42", seconds=seconds)
                show("GET /user/42, 2 headers", getters(), load, options)
            elif name == "get14":
                load = Load("/user/42", BROWSER_HEADERS, seconds=seconds)
                show("GET /user/42, 14 headers", getters(), load, options)
            elif name == "post":
                load = Load("/users", script=post, seconds=seconds)
                show("POST /users, validated", posters(), load, options)
            elif name == "layers":
                load = Load("/user/42?page=2&size=20&offset=5", seconds=seconds)
                show("what a layer adds", layers(), load, options)
            else:
                show_imports()


if __name__ == "__main__":
    main()
