"""A logging HTTP proxy: `python parser_logging_proxy.py 8080`, and in another window
`curl --proxy http://127.0.0.1:8080 http://a.example/`.
"""

import socket
import socketserver
import sys
from functools import partial

import drystone_parser as http

# What concerns one connection alone (RFC 9110 section 7.6.1); the body is framed anew.
HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
}


def ask(source, parser, question):
    """The parser's answer, as soon as enough has arrived from the source."""
    while (answer := question()) is None and (data := source.recv(65536)):
        parser.feed(data)
    if answer is None:
        parser.feed_eof()
        return question()
    return answer


def pass_on(source, parser, message, write_head, target):
    """Sends a message on, its body piece by piece as it arrives."""
    fields = [pair for pair in message.headers.items() if pair[0].lower() not in HOP]
    chunked = message.content_length is None
    target.sendall(write_head(fields + [("Transfer-Encoding", "chunked")] * chunked))
    while piece := ask(source, parser, parser.next_body):
        target.sendall(http.write_chunk(piece) if chunked else piece)
    target.sendall(http.write_last_chunk(message.trailers.items()) if chunked else b"")


class Proxy(socketserver.BaseRequestHandler):
    """One client; a connection to the origin for each of its requests."""

    def handle(self):
        parser = http.RequestParser(http.Request)
        try:
            while request := ask(self.request, parser, parser.next_request):
                self.forward(parser, request)
        except http.ParseError as error:
            self.request.sendall(http.write_response_head(error.status, {"Connection": "close"}))
            print(error, flush=True)

    def forward(self, parser, request):
        host, _, port = request.headers["host"].partition(":")
        path, query = request.raw_path, request.query_string
        target = f"{path}?{query}" if query else path
        if request.expect_continue:
            self.request.sendall(http.write_response_head(100))
        with socket.create_connection((host, port or "80"), timeout=30) as origin:
            write_head = partial(http.write_request_head, request.method, target or "/")
            pass_on(self.request, parser, request, write_head, origin)
            answers = http.ResponseParser(http.Response)
            response = ask(origin, answers, partial(answers.next_response, request.method))
            write_head = partial(http.write_response_head, response.status)
            pass_on(origin, answers, response, write_head, self.request)
        print(request.method, request.target, "->", response.status, flush=True)


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Proxy) as server:
        print("http://{}:{}".format(*server.server_address), flush=True)
        server.serve_forever()
