"""Stores on DynamoDB: one module a port, each saying which items it keeps under which keys.

Every table has the same shape: ``pk`` and ``sk``, a ``data`` attribute with the value as JSON (compressed
when that pays), beside it only what a condition or an update must see, and ``expires_at`` (epoch seconds)
where the table's time-to-live may drop the item.
"""
