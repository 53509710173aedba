"""The parser's examples, run as programs, over sockets."""

from parser_examples import running, talk


def test_the_blocking_server_echoes() -> None:
    with running("parser_blocking_server.py") as (address, _):
        pipelined = b"POST /%d HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n%d"
        answers = talk(address, b"".join(pipelined % (n, n) for n in range(3)))
        assert [answer[-1:] for answer in answers.split(b"HTTP/1.1 200")[1:]] == [b"0", b"1", b"2"]


def test_the_blocking_server_refuses_and_lives_on() -> None:
    with running("parser_blocking_server.py") as (address, _):
        answer = talk(address, b"GET / HTTP/1.1\r\nHost : h\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"white space in a field name" in answer
        assert talk(address, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_the_proxy_passes_on_and_logs() -> None:
    origin, proxy = running("parser_blocking_server.py"), running("parser_logging_proxy.py")
    with origin as (address, _), proxy as (through, process):
        head = f"POST {address}/a?b HTTP/1.1\r\nHost: ignored\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = talk(through, head.encode() + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")
        assert answer.endswith(b"\r\n\r\nabcde")
        assert process.stdout is not None
        assert process.stdout.readline() == f"POST {address}/a?b -> 200\n"
