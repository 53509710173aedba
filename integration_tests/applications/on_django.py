"""The application of `test_server_frameworks` in Django, which knows no lifespan."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from happenings import LARGE, Happenings

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, LOGGING_CONFIG=None)
    django.setup()

seen = Happenings()  # Django's settings are those of the process, so its views are too
tasks: set[asyncio.Task[None]] = set()


def build(happenings: Happenings) -> Any:
    global seen
    seen = happenings
    return get_asgi_application()


async def plain(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("name", "wall")
    headers = {"x-app": "django"}
    return HttpResponse(f"Hello, {name}!", content_type="text/plain", headers=headers)


async def streamed(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[str]:
        for piece in ("one,", "two,", "three"):
            yield piece
            await asyncio.sleep(0)

    return StreamingHttpResponse(pieces(), content_type="text/plain")


async def endless(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[str]:
        try:
            while True:
                yield "still here\n"
                await asyncio.sleep(0.01)
        finally:
            seen.left.set()

    return StreamingHttpResponse(pieces())


async def waiting(request: HttpRequest) -> HttpResponse:
    try:
        await asyncio.sleep(60)  # Django cancels it
    finally:
        seen.left.set()
    return HttpResponse("too late")


async def broken(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[str]:
        yield "so far so good"
        raise RuntimeError("the stream broke")

    return StreamingHttpResponse(pieces())


async def error(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the handler broke")


def large(request: HttpRequest) -> HttpResponse:
    """A plain view, which Django runs in a thread."""
    return HttpResponse(LARGE)


async def upload(request: HttpRequest) -> JsonResponse:
    digest, size = hashlib.sha256(), 0
    while piece := request.read(65536):
        digest.update(piece)
        size += len(piece)
        seen.first_piece.set()
    return JsonResponse({"size": size, "sha256": digest.hexdigest()})


async def background(request: HttpRequest) -> HttpResponse:
    task = asyncio.create_task(seen.finish_in_background())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return HttpResponse("accepted")


urlpatterns = [
    path("plain", plain),
    path("stream", streamed),
    path("endless", endless),
    path("waiting", waiting),
    path("broken", broken),
    path("error", error),
    path("large", large),
    path("upload", upload),
    path("background", background),
]
