import io

import pytest
from drystone_router import Router

TREE = """\
├── /  [GET]
├── //a.org
│   └── /x  [ANY]
└── /users  [GET as users]
    ├── /me  [GET]
    └── /{id:re([a-z/]{2})}  [DELETE; GET, PUT as user]
        └── /posts
            └── /{post?}  [GET]
"""


def test_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    router: Router[int] = Router()
    router.add_route("/users/{id:re([a-z/]{2})}/posts/{post?}", 1)
    router.add_route("/users/me", 1)
    router.add_route("/users/{id:re([a-z/]{2})}", 1, ("GET", "PUT"), name="user")
    router.add_route("/users/{id:re([a-z/]{2})}", 1, ("DELETE",))
    router.add_route("/", 1)
    router.add_route("/users", 1, name="users")
    router.add_route("/x", 1, None, host="a.org")
    file = io.StringIO()
    router.print_tree(file)
    assert file.getvalue() == TREE
    router.print_tree()
    assert capsys.readouterr().out == TREE


def test_the_empty_path() -> None:
    router: Router[int] = Router()
    router.add_route("", 1)
    file = io.StringIO()
    router.print_tree(file)
    assert file.getvalue() == "└──   [GET]\n"
