"""On the way: Drystone answers what has moved already, FastAPI everything else, in one process."""

import tasks_fastapi
from drystone import App
from tasks_drystone import measure

app: App[None] = App(middleware=[measure])


@app.get("/")  # moved: the one below it is not asked any more
async def home() -> dict[str, str]:
    return {"tasks": "/tasks"}


app.mount("/", tasks_fastapi.app)  # its lifespan runs inside ours
