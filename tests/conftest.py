"""How Hypothesis runs everywhere: no test fails because a machine is busy, and CI repeats itself."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    database=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
settings.load_profile("house")
