"""Withdraw: show no client any more what who published it took back."""

from dataclasses import dataclass

from vigie.messages import DocumentsWithdrawn
from vigie.ports import AccountStore, MentionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawReport:
    """What one message came to."""

    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Blanks the mentions of documents for every client, those still on their way included.

    It may run before the document is recorded, after it, and twice: the mention ends blank.
    """

    accounts: AccountStore
    mentions: MentionStore

    def run(self, message: DocumentsWithdrawn) -> WithdrawReport:
        """Withdraw each document; return how many there were."""
        clients = [client.client_id for client in self.accounts.clients()]
        for document_id in message.document_ids:
            for client_id in clients:
                self.mentions.withdraw(client_id, document_id, message.withdrawn_at)
        return WithdrawReport(withdrawn=len(message.document_ids))
