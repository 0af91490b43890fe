"""The loops that move facts, written once over the ports: handle, relay, receive, react, project."""
