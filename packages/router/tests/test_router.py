import pytest
from drystone_router import MethodNotAllowed, NotFound, RouteConflict, Router


def test_the_thin_contract() -> None:
    router: Router[str] = Router()
    router.add_route("/users/{id}", "user", name="user")
    router.add_routes([("/users/me", "me"), ("/users/{id}", "delete", ("DELETE",))])
    assert router.match("GET", "/users/me").value == "me"
    assert router.match("DELETE", "/users/me").params == {"id": "me"}
    assert router.match("HEAD", "/users/a%2Fb").params == {"id": "a/b"}
    assert router.match("GET", "/users/x").pattern == "/users/{id}"
    assert router.url_for("user", id="a b") == "/users/a%20b"
    with pytest.raises(MethodNotAllowed) as refused:
        router.match("PUT", "/users/me")
    assert refused.value.allowed == ("DELETE", "GET", "HEAD")
    with pytest.raises(NotFound):
        router.match("GET", "/users/")
    with pytest.raises(RouteConflict):
        router.add_route("/users/{name}", "again")
