"""A server on a blocking socket, one connection at a time, no event loop:
`python parser_blocking_server.py 8080`, then `curl -d hello http://127.0.0.1:8080/echo`.
"""

import socket
import sys

from drystone_parser import ParseError, Request, RequestParser, write_response_head


def wait_for(connection, parser, question):
    """The parser's answer, as soon as enough has arrived."""
    while (answer := question()) is None and (data := connection.recv(65536)):
        parser.feed(data)
    if answer is None:
        parser.feed_eof()
        return question()
    return answer


def serve(connection):
    """Echoes bodies, for as many requests as the client sends."""
    parser = RequestParser(Request)
    try:
        while request := wait_for(connection, parser, parser.next_request):
            if request.expect_continue:
                connection.sendall(write_response_head(100))
            body = b""
            while piece := wait_for(connection, parser, parser.next_body):
                body += piece
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
