"""Settings that hold for all tests."""

from hypothesis import settings

# A slow machine is no failure. `make check` tries fewer examples than `make test`.
settings.register_profile("test", deadline=None)
settings.register_profile("check", deadline=None, max_examples=20)
settings.load_profile("test")
