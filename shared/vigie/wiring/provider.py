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
