"""MJML, as the templates of mails are written, turned into the HTML that mail programs read."""

from mjml import mjml2html


def html_of(mjml: str) -> str:
    """Return MJML as HTML. mrml would link to Google's Roboto: a mail fetches nothing."""
    return str(mjml2html(mjml, fonts={}))
