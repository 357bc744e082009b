"""vigie: what every function shares.

The rooms, from the ground up (imports only go down):

``errors``, ``domain/``   decisions: pure, standard library only; time and chance are arguments
``messages``, ``settings``   what travels on queues; what the environment says, read once
``ports``                 Protocols the steps need: stores, outbox, mailer, fetcher
``steps/``                one file per stage: read ports, ask the domain, write ports
``adapters/``             the outside world: HTTP, feeds, DynamoDB, SQS, S3, SES, templates
``wiring``, ``observe``   the only room that names concrete adapters; logger and metrics
``cli/``                  the ``vigie`` command, beside the functions at the top
"""
