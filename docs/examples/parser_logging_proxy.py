"""A logging proxy for http: URLs: `python parser_logging_proxy.py 8080`, and in another window
`curl --proxy http://127.0.0.1:8080 http://a.example/`.
"""

import socket
import socketserver
import sys
from functools import partial
from urllib.parse import urlsplit

import drystone_parser as http


def pass_on(parser, source, message, write_head, target):
    """Sends a message on, its body piece by piece as it arrives."""
    fields, chunked = http.end_to_end(message.headers, "Expect"), message.content_length is None
    target.sendall(write_head(fields + [("Transfer-Encoding", "chunked")] * chunked))
    for piece in parser.read_body(partial(source.recv, 65536)):
        target.sendall(http.write_chunk(piece) if chunked else piece)
    target.sendall(http.write_last_chunk(message.trailers.items()) if chunked else b"")


def proxy(client, address, server):
    """Serves one client; each of its requests goes to its origin on a connection of its own."""
    parser, response = http.RequestParser(http.Request), None
    try:
        while request := parser.read_request(partial(client.recv, 65536)):
            if request.method == "CONNECT" or request.http_version == "1.0":
                raise http.NotSupported("no-proxy", "HTTP/1.1, http:", 0, "9110 15.6.2", 501)
            if request.expect_continue:
                client.sendall(http.write_response_head(100))
            host = urlsplit(f"//{request.headers['host']}")
            path = f"{request.raw_path}?{request.query_string}".removesuffix("?")
            with socket.create_connection((host.hostname, host.port or 80), timeout=30) as origin:
                head = partial(http.write_request_head, request.method, path)
                pass_on(parser, client, request, head, origin)
                answers = http.ResponseParser(http.Response)
                while response is None or response.status < 200:  # 103 comes before the answer
                    response = answers.read_response(partial(origin.recv, 65536), request.method)
                    if response is None:
                        raise ConnectionError(f"{host.netloc} closed without an answer")
                    head = partial(http.write_response_head, response.status)
                    pass_on(answers, origin, response, head, client)
            print(request.method, request.target, "->", response.status, flush=True)
            response = None
    except (http.ParseError, OSError) as error:
        print(error, flush=True)
        if response is None:  # in the middle of an answer nothing can be said
            status, fields = getattr(error, "status", 502), {"Connection": "close"}
            client.sendall(http.write_response_head(status, fields))


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), proxy) as server:
        print("http://{}:{}".format(*server.server_address), flush=True)
        server.serve_forever()
