"""The ten-line examples: they are what the README shows, and they guard."""

import runpy
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "packages" / "auth" / "README.md"


@pytest.mark.parametrize("framework", ["starlette", "drystone"])
async def test_the_route_is_guarded(
    framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where it makes its auth.db
    program = ROOT / "docs" / "examples" / f"auth_ten_lines_{framework}.py"
    shown = program.read_text().partition("\n\n")[2]
    assert f"```py\n{shown}```" in README.read_text()

    names: dict[str, Any] = runpy.run_path(str(program))
    sessions = names["sessions"]
    transport = httpx.ASGITransport(names["app"])
    async with httpx.AsyncClient(transport=transport, base_url="https://notes.example") as client:
        refused = await client.get("/notes")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Cookie ")

        session = await sessions.load(httpx.Request("GET", "https://notes.example"))
        await sessions.login(session, "ann")
        (line,) = await sessions.commit(session)
        answer = await client.get("/notes", headers={"cookie": line.partition(";")[0]})
        assert (answer.status_code, answer.text) == (200, "the notes of ann")
    await sessions._store._database.close()  # ten lines have no lifespan to do it in
