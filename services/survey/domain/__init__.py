"""Questionnaires as decisions: what may be asked, what may be answered, what is counted."""
