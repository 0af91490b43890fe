"""What a questionnaire looks like that is not adopted yet, for whoever writes it."""

from services.survey.application import About
from services.survey.domain.filled import Filled
from services.survey.pages.form_page import form_shown
from services.survey.pages.look import STYLE, drawn_alone
from services.survey.pages.sheet import tongue_of
from shared.adapters import web


def preview_page(about: About, language: str) -> web.Html:
    """The form as people will see it; it says that it is a preview, and has nothing to send."""
    tongue = tongue_of(about.adopted, language)
    shown = form_shown(about, tongue, Filled({}))
    shown |= {"hidden": [], "notice": "", "has_draft": False, "is_preview": True}
    shown |= {"other": None, "other_name": ""}
    return drawn_alone("form.html", tongue, STYLE, shown)
