"""A server on a blocking socket, one connection at a time, no event loop:
`python parser_blocking_server.py 8080`, then `curl -d hello http://127.0.0.1:8080/echo`.
"""

import socket
import sys
from functools import partial

from drystone_parser import ParseError, Request, RequestParser, write_response_head


def serve(connection):
    """Echoes bodies, for as many requests as the client sends."""
    parser, receive = RequestParser(Request), partial(connection.recv, 65536)
    try:
        while request := parser.read_request(receive):
            if request.expect_continue:
                connection.sendall(write_response_head(100))
            body = b"".join(parser.read_body(receive))
            fields = {"Content-Length": str(len(body)), "Content-Type": "text/plain"}
            connection.sendall(write_response_head(200, fields) + body)
    except ParseError as error:
        body = f"{error}\n".encode()
        fields = {"Content-Length": str(len(body)), "Connection": "close"}
        connection.sendall(write_response_head(error.status, fields) + body)


def main(port):
    with socket.create_server(("127.0.0.1", port)) as server:
        print("http://{}:{}".format(*server.getsockname()), flush=True)
        while True:
            connection, _ = server.accept()
            with connection:
                serve(connection)


if __name__ == "__main__":
    main(int(sys.argv[1]))
