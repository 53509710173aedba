"""Run beside installed wheels, far from any source: five import, agree in version, and serve."""

import asyncio
import importlib
import importlib.metadata
import importlib.resources
import json
import sys
import urllib.request

NAMES = {
    "drystone-parser": "drystone_parser",
    "drystone-router": "drystone_router",
    "drystone-server": "drystone_server",
    "drystone-auth": "drystone_auth",
    "drystone": "drystone",
}


def check_packages() -> None:
    for distribution, module in NAMES.items():
        imported = importlib.import_module(module)
        assert "site-packages" in str(imported.__file__), imported.__file__
        assert imported.__version__ == importlib.metadata.version(distribution) == "0.1.0"
        assert importlib.resources.files(module).joinpath("py.typed").is_file(), module
        licences = [f for f in importlib.metadata.files(distribution) or [] if f.name == "LICENSE"]
        assert licences, f"{distribution} carries no licence"


async def check_serving() -> None:
    from drystone import App, Request

    app = App()

    @app.get("/hello/{name}")
    async def hello(request: Request, name: str) -> dict[str, str]:
        return {"hello": name}

    server = await app.start_server("127.0.0.1", 0)
    try:
        host, port = server.addresses[0][:2]
        with await asyncio.to_thread(
            urllib.request.urlopen, f"http://{host}:{port}/hello/wall"
        ) as answer:
            assert json.load(answer) == {"hello": "wall"}
    finally:
        await server.close()


if __name__ == "__main__":
    check_packages()
    asyncio.run(check_serving())
    sys.stdout.write("smoke test passed: five wheels, one answer\n")
