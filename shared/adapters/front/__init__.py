"""What a process answers beside its services: where they are, how it is, and what a trial has."""

from shared.adapters.front.people import door_of, routes_of
from shared.adapters.front.routes import Front, routes
from shared.adapters.front.trial import Trial, find_trial, open_trial

__all__ = ["Front", "Trial", "door_of", "find_trial", "open_trial", "routes", "routes_of"]
