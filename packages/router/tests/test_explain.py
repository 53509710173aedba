from drystone_router import MethodNotAllowed, NotFound, Router


def router() -> Router[str]:
    found: Router[str] = Router()
    found.add_route("/users/{id:int}", "user")
    found.add_route("/users/{id}", "name", ("GET", "PUT"))
    found.add_route("/users/me", "me", ("DELETE",))
    found.add_route("/users/me", "here", host="{t}.org")
    for number in range(9):
        found.add_route(f"/other/{number}", "other")
    return found


def test_a_match() -> None:
    told = router().explain("GET", "/users/7")
    assert told.match is not None
    assert told.error is None
    text = str(told)
    assert "GET /users/7\n" in text
    assert "the path has the segments ['users', '7']" in text
    assert "/users/{id:int}: matches the path with {'id': 7}, and is the most specific" in text
    assert "/users/{id}: matches the path with {'id': '7'}, but another is more specific" in text
    assert "DELETE /users/me: segment 2: '7' is not 'me'" in text
    assert "not this host: it has 1 segments" not in text
    assert "GET {t}.org/users/me: not this host" not in text
    assert "more patterns fit no better" in text
    assert "test_explain.py" in text.splitlines()[-1]


def test_a_wrong_method() -> None:
    told = router().explain("PATCH", "/users/me")
    assert isinstance(told.error, MethodNotAllowed)
    assert "DELETE /users/me: matches the path, but answers only DELETE" in str(told)
    assert "segment 2: 'id' is no int: 'me' does not match [0-9]{1,18}" in str(told)


def test_misses() -> None:
    told = router().explain("GET", "/users/7/x")
    assert isinstance(told.error, NotFound)
    assert "/users/{id:int}: it has 2 segments, the path 3" in str(told)
    told = router().explain("GET", "/users/%zz")
    assert "the path is refused: malformed percent-escape" in str(told)
    small: Router[str] = Router()
    small.add_route("/f/{rest:path}", "f")
    small.add_route("/{a:int}-{b:int}", "two")
    small.add_route("/x{a:int}", "affix")
    small.add_route("/h", "host", host="h.org")
    text = str(small.explain("GET", "/f/"))
    assert "nothing is left for 'rest'" in text
    assert "'f' does not match" in text
    assert "'f' is not 'x', some text, ''" in text
    assert "not this host: segment 1: '' is not 'h'" in text
    assert "at host h.org" in str(small.explain("GET", "/h", "h.org"))


def test_the_same_as_match() -> None:
    told = router().explain("GET", "/users/me", "a.org")
    assert told.match is not None
    assert told.match.params == {"t": "a"}
    assert "GET {t}.org/users/me" in repr(told.match)


def test_nothing_left_for_a_path() -> None:
    router: Router[str] = Router()
    router.add_route("/files/{rest:path}", "files")
    assert "nothing is left for 'rest'" in str(router.explain("GET", "/files/"))


def test_what_is_left_for_a_path() -> None:
    router: Router[str] = Router()
    router.add_route("/files/{rest:path}", "files")
    told = router.explain("GET", "/files/a/b")
    assert told.match is not None
    assert told.match.params == {"rest": "a/b"}
    assert "{'rest': 'a/b'}" in str(told)
