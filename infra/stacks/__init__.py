"""Stacks of clients: each described by a file of ``infra/clients``, deployed, seeded, tried, taken back.

Decisions are pure (``client_file``, ``parameters``, ``drift``, ``changes``); what touches a cloud is apart
(``accounts``, ``artefacts``, ``formation``, ``seeding``, ``smoke``, ``exports``); ``operations`` and ``releases`` put
them in order, and ``commands`` is ``vigie stack``. Nothing here is in the layer.
"""
