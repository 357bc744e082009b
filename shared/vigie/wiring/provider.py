"""The provider that takes our mails."""

from functools import cache

from vigie.ports import Mailer
from vigie.wiring.common import settings


@cache
def mailer() -> Mailer:
    """Return the provider: an SMTP server where one is named, else SES."""
    from vigie.adapters import aws, ssm

    if settings().smtp_server:
        from vigie.adapters.smtp import SmtpMailer, SmtpServer

        credentials = ssm.stack_secret(aws.ssm(), settings().need("smtp_secret_name"))
        return SmtpMailer(SmtpServer.read(settings().smtp_server, credentials))
    from vigie.adapters.ses import SesMailer

    return SesMailer(aws.ses(), configuration_set=settings().need("configuration_set"))


def mails_per_second() -> float:
    """Return how many mails a second the provider takes from this stack: as ops say, and no more than SES does."""
    from vigie.adapters import aws, ses

    ours = settings().mails_per_second
    return ours if settings().smtp_server else min(ours, ses.mails_per_second(aws.ses()))
