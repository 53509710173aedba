"""One typed assignment per seam: strict mypy fails on its line when the two sides drift apart.

Nothing here runs as a test. Each assignment holds an implementation of one package against the
Protocol that another package declares for what it needs.
"""

import asyncio
from collections.abc import Callable
from typing import Any, assert_type

import drystone
import drystone_auth
import drystone_parser
import drystone_router
import drystone_server
import parser_adapters
from drystone import _interfaces as of_app
from drystone._route import Route

# The parser fills what the server and the facade hand out.
parser_fills_its_own: Callable[[], drystone_parser.FillableRequest] = drystone_parser.Request
parser_fills_the_servers: Callable[[], drystone_parser.FillableRequest] = drystone_server.Request
parser_fills_the_facades: type[drystone_parser.FillableRequest] = drystone.Request[Any]

# The server reads from our parser, and from one made of h11.
server_reads: drystone_server.Parser[drystone_server.Request] = drystone_parser.RequestParser(
    drystone_server.Request
)
server_reads_h11: drystone_server.Parser[drystone_server.Request] = parser_adapters.H11Parser(
    drystone_server.Request
)

# The server calls the facade, and sends what either package calls a response.
app: drystone.App[Any] = drystone.App()
stateless = drystone.App()  # needs no annotation, and neither does a bare Request
assert_type(stateless, drystone.App[None])


@stateless.get("/")
async def plain(request: drystone.Request) -> Any:
    return assert_type(request.app.state, Any)


server_calls_the_app: drystone_server.Handler[drystone.Request[Any]] = app.handle
server_sends: drystone_server.OutgoingResponse = drystone_server.Response()
server_sends_the_facades: drystone_server.OutgoingResponse = drystone.Response()
facades_request: type[drystone_server.IncomingRequest] = drystone.Request[Any]


async def handle(request: drystone_server.Request) -> drystone_server.Response:
    return drystone_server.Response(request.method.encode())


server = drystone_server.HTTPServer(
    handle, lambda: drystone_parser.RequestParser(drystone_server.Request)
)
way_in_for_streams: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any] = (
    server.handle_connection
)

# The facade asks a router, and knows what a connection tells.
app_asks: of_app.Router[Route] = drystone_router.Router[Route]()
app_sees: type[of_app.Connection] = drystone_server.HTTPConnection[Any]
app_ends_streams_by: type[of_app.ServerConnection] = drystone_server.HTTPConnection[Any]

# Auth reads any request of ours.
auth_reads_the_facades: type[drystone_auth.Request] = drystone.Request[Any]
auth_reads_the_servers: type[drystone_auth.Request] = drystone_server.Request
auth_reads_headers: type[drystone_auth.Headers] = drystone_parser.Headers
