"""The survey service: questionnaires, invitations, the urn, and the counted answers."""
