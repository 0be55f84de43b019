"""Properties of the ground floor: no deadline (machines are busy), and examples enough for a run of seconds."""

from hypothesis import settings

settings.register_profile("core", deadline=None, max_examples=40)
settings.load_profile("core")
