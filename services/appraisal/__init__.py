"""Appraisal (thẩm định): the council recognises each self-score, or rejects it for a reason."""
