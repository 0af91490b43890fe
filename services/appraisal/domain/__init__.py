"""What the council may do: who appraises what, and how an agency's locked sheet is decided.

    cycle        copy of a cycle: agencies, schemes, calendar
    sheet        copy of an agency's submission: what is declared and attached now
    assignments  aggregate: which members appraise which criterion
    state        aggregate: an agency's appraisal, as its facts left it
    sitting      who speaks for the council, when, and over which papers
    stake        what an agency claims, and how much of it a verdict takes away
    verdict      recognising and rejecting
    action       what takes two people
    appraisal    all commands on an agency's appraisal

Each module knows only those above it.
"""
