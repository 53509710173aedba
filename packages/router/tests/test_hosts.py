import pytest
from drystone_router import MethodNotAllowed, NotFound, RouteConflict, Router
from drystone_router._hosts import labels_of


def router_by_host() -> Router[str]:
    router: Router[str] = Router()
    router.add_route("/{any}", "everywhere")
    router.add_route("/x", "tenant", host="{tenant}.example.org")
    router.add_route("/x", "www", host="www.example.org")
    router.add_route("/x", "numbered", host="n{number:int}.example.org")
    router.add_route("/{a}/{b}", "deep", ("GET", "PUT"), host="{x}.{tenant}.example.org")
    return router


@pytest.mark.parametrize(
    ("path", "host", "value", "params"),
    [
        ("/x", "WWW.example.org", "www", {}),
        ("/x", "www.example.org:8080", "www", {}),
        ("/x", "www.example.org.", "www", {}),
        ("/x", "acme.example.org", "tenant", {"tenant": "acme"}),
        ("/x", "n7.example.org", "numbered", {"number": 7}),
        ("/x", "nx.example.org", "tenant", {"tenant": "nx"}),
        ("/x", "example.org", "everywhere", {"any": "x"}),
        ("/x", None, "everywhere", {"any": "x"}),
        ("/y", "www.example.org", "everywhere", {"any": "y"}),
        ("/1/2", "a.b.example.org", "deep", {"x": "a", "tenant": "b", "a": "1", "b": "2"}),
        ("/x", "[::1]:80", "everywhere", {"any": "x"}),
    ],
)
def test_host_first_then_path(
    path: str, host: str | None, value: str, params: dict[str, str]
) -> None:
    match = router_by_host().match("GET", path, host)
    assert (match.value, match.params) == (value, params)


def test_methods_and_misses_over_all_tables() -> None:
    router = router_by_host()
    router.add_route("/x", "put", ("PUT",))
    assert router.match("PUT", "/x", "www.example.org").value == "put"
    with pytest.raises(MethodNotAllowed) as refused:
        router.match("POST", "/x", "www.example.org")
    assert refused.value.allowed == ("GET", "HEAD", "PUT")
    assert router.allowed("/1/2", "a.b.example.org") == ("GET", "HEAD", "PUT")
    assert router.allowed("/1/2", "b.example.org") == ()
    with pytest.raises(NotFound):
        router.match("GET", "/1/2")
    with pytest.raises(NotFound):
        router.match("GET", "/1/2/3", "a.b.example.org")


def test_host_order_does_not_depend_on_the_order_of_adding() -> None:
    hosts = ["{a}.x.org", "n{b:int}.x.org", "n{c}.x.org"]
    for order in (hosts, hosts[::-1], [hosts[1], hosts[0], hosts[2]]):
        router: Router[str] = Router()
        for host in order:
            router.add_route("/", host, host=host)
        assert router.match("GET", "/", "n1.x.org").value == "n{b:int}.x.org"
        assert router.match("GET", "/", "nn.x.org").value == "n{c}.x.org"
        assert router.match("GET", "/", "m.x.org").value == "{a}.x.org"


def test_crossing_hosts() -> None:
    router: Router[str] = Router()
    router.add_route("/a/{x:path}", "one", host="{a}.b.org")
    router.add_route("/a", "two", host="x.{b}.org")
    with pytest.raises(RouteConflict, match="neither host is more specific"):
        router.add_route("/a/b", "two", host="x.{b}.org")
    with pytest.raises(RouteConflict, match="neither host is more specific"):
        router.add_route("/{p:path}", "two", host="x.{b}.org")
    router.add_route("/a/b", "two", ("PUT",), host="x.{b}.org")
    router.add_route("/a/b", "two")
    with pytest.raises(RouteConflict):
        router.add_route("/a/{y:path}", "one", host="{c}.b.org")


def test_labels() -> None:
    assert labels_of("Acme.Example.org:8080") == ["acme", "example", "org"]
    assert labels_of("[::1]:80") == ["[::1]"]
    assert labels_of("") == [""]


def test_each_route_has_its_own_names_for_the_same_host() -> None:
    router: Router[str] = Router()
    router.add_route("/a", "a", host="{tenant}.x.org")
    router.add_route("/b", "b", host="{org}.x.org", name="b")
    assert router.match("GET", "/a", "t.x.org").params == {"tenant": "t"}
    assert router.match("GET", "/b", "t.x.org").params == {"org": "t"}


def test_only_the_text_of_a_host_is_taken_in_lower_case() -> None:
    router: Router[str] = Router()
    router.add_route("/", "it", host=r"{Tenant:re(\D+)}.X.org", name="it")
    assert router.match("GET", "/", "ACME.x.ORG").params == {"Tenant": "acme"}
    assert router.url_for("it", Tenant="acme") == "//acme.x.org/"


def test_equal_hosts_written_differently() -> None:
    router: Router[str] = Router()
    router.add_route("/{x}", "one", host="{t:re([ab]+)}.org")
    with pytest.raises(RouteConflict, match="neither host is more specific"):
        router.add_route("/{x:int}", "two", host="{t:re([a-b]+)}.org")
    router.add_route("/{x:int}", "two", host="{u:re([ab]+)}.org")
