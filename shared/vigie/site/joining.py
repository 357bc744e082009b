"""Public pages to sign up by oneself: home, what was said, the form, the confirmation; where people may."""

from collections.abc import Callable
from urllib.parse import urlencode

from vigie import wiring
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.form_preferences import read_preferences
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import PUBLIC, SIGNED_IN, Reply, kept_by_browser, see_other
from vigie.adapters.web.view_public import join_page, legal_page, look_page, prices
from vigie.domain.clients import DigestSchedule
from vigie.domain.refusals import told
from vigie.domain.sign_in import Claim, set_cookie
from vigie.domain.signing_up.looking import Looked
from vigie.domain.signing_up.sign_ups import NAME_LIMIT, TERMS_VERSION, SignUp
from vigie.errors import BadField, TooMany
from vigie.site.origin import refuse_foreign_form
from vigie.site.routing import Call, Pages, View
from vigie.steps.signing_up.joining import Wanted

_WORDS, _WORD = 12, 60

pages = Pages()


def _open(view: View) -> View:
    """Let a view answer only where people sign up."""

    def guarded(call: Call) -> Reply:
        wiring.takes_sign_ups()
        return view(call)

    return guarded


@pages.get("/", None)
@_open
def home(call: Call) -> Reply:
    """Show the field to type a name in, and the price."""
    trial, plans = prices(call.asked.language)
    return _public(call, "home", trial=trial, prices=plans)


@pages.get("/apercu", None)
@_open
def look(call: Call) -> Reply:
    """Show what was said of a business."""
    asked, looked = call.asked, _looked(call.asked.query.get)
    if not any(letter.isalnum() for letter in looked.name):
        return see_other(_home(call))
    try:
        shown = wiring.looking().look(looked, asked.ip)
    except TooMany as often:
        return _told(
            call,
            site_catalogue(asked.language).say("look_title", name=looked.name),
            told(often, asked.language),
            status=often.status,
        )
    return _public(call, "look", page=look_page(shown, asked.language, asked.root))


@pages.get("/inscription", None)
@_open
def show_form(call: Call) -> Reply:
    """Show the form; or, once it was sent, where to look: the same whoever is known here."""
    say = site_catalogue(call.asked.language).say
    if "envoye" in call.asked.query:
        return _told(call, say("join_sent_title"), say("join_sent"))
    looked = _looked(call.asked.query.get)
    return (
        _public(call, "join", page=join_page(looked, call.asked.language))
        if looked.name
        else see_other(_home(call))
    )


@pages.post("/inscription", None)
@_open
def sign_up(call: Call) -> Reply:
    """Keep what is asked for and have a link mailed."""
    asked, looked = call.asked, _looked(call.asked.sent)
    refuse_foreign_form(call)
    try:
        schedule, _ = read_preferences(asked.form, DigestSchedule())
        wiring.joining().ask(
            Wanted(
                email=asked.sent("email"),
                name=looked.name,
                siren=looked.siren,
                excluded=looked.excluded,
                with_town=looked.with_town,
                schedule=schedule,
                locale=asked.language,
                agrees=asked.sent("agree") == "1",
            ),
            asked.ip,
        )
    except (BadField, TooMany) as wrong:
        shown = join_page(
            looked,
            asked.language,
            email=asked.sent("email"),
            problem=told(wrong, asked.language),
        )
        return _public(call, "join", wrong.status, page=shown)
    return see_other(f"{asked.root}/inscription?envoye=1&lang={asked.language}")


@pages.get("/confirmer/{token}", None)
@_open
def show_confirmation(call: Call) -> Reply:
    """Show what a link confirms, and the button that does it: mail scanners open links and press none."""
    signup = wiring.joining().peek(call.asked.token, call.asked.ip)
    say = site_catalogue(signup.locale).say
    what = say("confirm_what", name=signup.name, email=signup.email)
    return _told(call, say("confirm_title"), what, button=LinkView(say("confirm_do"), ""))


@pages.post("/confirmer/{token}", None)
@_open
def confirm(call: Call) -> Reply:
    """Confirm the address: begin, and sign the browser in; or say that somebody looks at the name first."""
    refuse_foreign_form(call)
    signup = wiring.joining().confirm(call.asked.token, call.asked.ip)
    say = site_catalogue(signup.locale).say
    if signup.state != "done":
        return _told(call, say("held_for_review_title"), say("held_for_review_text", name=signup.name))
    return _begun(call, signup)


def _begun(call: Call, signup: SignUp) -> Reply:
    say = site_catalogue(signup.locale).say
    button = LinkView(say("begun_enter"), f"{call.asked.root}/espace")
    reply = _told(call, say("begun_title"), say("begun_text", name=signup.name), button=button)
    claim = Claim(signup.email, (signup.client_id,))
    return kept_by_browser(reply, set_cookie(wiring.sign_in().open(claim, call.asked.cookie)[1]))


@pages.get("/mentions-legales", None)
@_open
def show_notice(call: Call) -> Reply:
    """Show who answers for these pages."""
    return _legal(call)


@pages.get("/confidentialite", None)
@_open
def show_privacy(call: Call) -> Reply:
    """Show what is kept of people, why, and how long."""
    return _legal(call)


@pages.get("/cgv", None)
@_open
def show_terms(call: Call) -> Reply:
    """Show the terms of sale."""
    return _legal(call)


def _legal(call: Call) -> Reply:
    settings = wiring.settings()
    title, sections = legal_page(
        call.asked.route.strip("/"),  # type: ignore[arg-type]  # the routes are its names
        call.asked.language,
        publisher=settings.publisher,
        mention_days=settings.mention_retention_days,
    )
    return _public(call, "legal", title=title, sections=sections, version=TERMS_VERSION)


def _looked(value: Callable[[str], str | None]) -> Looked:
    words = [word.strip()[:_WORD] for word in (value("sans") or "").split(",")]
    return Looked(
        name=" ".join((value("nom") or "").split())[:NAME_LIMIT],
        siren=(value("siren") or "")[:9],
        excluded=tuple(dict.fromkeys(word for word in words if any(map(str.isalnum, word))))[:_WORDS],
        with_town=value("ville") == "1",
    )


def _home(call: Call) -> str:
    return (wiring.settings().site_url or call.asked.site_url or call.asked.root) + "/"


def _told(call: Call, title: str, text: str, *, button: LinkView | None = None, status: int = 200) -> Reply:
    return _public(call, "told", status, title=title, text=text, button=button)


def _public(call: Call, template: str, status: int = 200, **shown: object) -> Reply:
    asked = call.asked
    root = _home(call).rstrip("/") if asked.route == "/" else asked.root  # "/v1" and "/v1/" are the same page
    turned = {**asked.query, "lang": "en" if asked.language == "fr" else "fr"}
    html = write_page(
        template, asked.language, root, home=_home(call), other_language=urlencode(turned), **shown
    )
    return Reply(status, html, headers=SIGNED_IN if asked.token else PUBLIC)
