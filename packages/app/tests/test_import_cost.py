"""Importing the facade stays light: what is heavy is imported when it is used."""

import json
import subprocess
import sys

MEASURE = """
import asyncio, json, resource, sys, time
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.process_time()
import drystone
print(json.dumps({
    "seconds": time.process_time() - begun,
    "kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory,
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""
HEAVY = {
    *("click", "multipart", "pydantic", "uvloop", "mimetypes", "pytest", "email", "tempfile"),
    *("drystone_parser", "drystone_router", "drystone_server", "drystone_auth"),
}


def test_what_an_import_costs() -> None:
    runs = []
    for _ in range(3):
        ran = subprocess.run(
            [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
        )
        runs.append(json.loads(ran.stdout))
    # Part of the budget only: it is a bound for any machine, not a measurement.
    assert min(run["seconds"] for run in runs) < 0.5
    assert min(run["kilobytes"] for run in runs) < 10 * 1024
    assert not HEAVY & set(runs[0]["modules"])
