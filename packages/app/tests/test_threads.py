import pytest
from drystone._threads import ThreadPool


async def test_stop_iteration_is_an_error_and_not_a_wait_without_end() -> None:
    threads = ThreadPool(1)
    with pytest.raises(RuntimeError, match="raised StopIteration"):
        await threads.run(next, iter([]))
    threads.close()
