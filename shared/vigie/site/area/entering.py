"""Pages to sign in: ask for a link, open it, press its button. Opening one uses nothing up: mail scanners do."""

from vigie import wiring
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import SIGNED_IN, Reply, kept_by_browser, see_other
from vigie.domain.refusals import told
from vigie.domain.sign_in import set_cookie
from vigie.errors import BadField, Expired, TooMany
from vigie.site.origin import refuse_foreign_form
from vigie.site.routing import Call, Pages

pages = Pages()


@pages.get("/connexion", None)
def ask_for_link(call: Call) -> Reply:
    """Show where to ask for a link, or that it is on its way."""
    return _shown(call, is_sent="envoye" in call.asked.query)


@pages.post("/connexion", None)
def send_link(call: Call) -> Reply:
    """Have a link mailed, if the address is known; the answer is the same if it is not."""
    refuse_foreign_form(call)
    asked = call.asked
    try:
        wiring.sign_in().ask(asked.sent("email"), asked.language, asked.ip)
    except BadField as wrong:
        say = site_catalogue(asked.language).say
        return _shown(
            call, problem=say("sign_in_bad_address"), email=asked.sent("email")[:254], status=wrong.status
        )
    except TooMany as often:
        return _shown(call, problem=told(often, asked.language), status=often.status)
    return see_other(f"{asked.root}/connexion?envoye=1")


@pages.get("/connexion/{token}", None)
def open_link(call: Call) -> Reply:
    """Show whom a link signs in, and the button that does it."""
    try:
        claim = wiring.sign_in().peek(call.asked.token, call.asked.ip)
    except Expired as over:
        return _shown(call, problem=told(over, call.asked.language), status=over.status)
    return _written(call, "area_enter", email=claim.email)


@pages.post("/connexion/{token}", None)
def use_link(call: Call) -> Reply:
    """Sign in: use the link, and open a new session in place of whatever the browser came with."""
    refuse_foreign_form(call)
    asked = call.asked
    try:
        _, claim = wiring.sign_in().enter(asked.token, asked.cookie, asked.ip)
    except Expired as over:
        return _shown(call, problem=told(over, asked.language), status=over.status)
    return kept_by_browser(see_other(f"{asked.root}/espace"), set_cookie(claim))


def _shown(
    call: Call, *, problem: str = "", email: str = "", is_sent: bool = False, status: int = 200
) -> Reply:
    action = f"{call.asked.root}/connexion"
    return _written(
        call, "area_sign_in", status, problem=problem, email=email, is_sent=is_sent, action=action
    )


def _written(call: Call, template: str, status: int = 200, **values: object) -> Reply:
    html = write_page(template, call.asked.language, call.asked.root, **values)
    return Reply(status, html, headers=SIGNED_IN)
