"""What callers of the API may write, and how a wrong field is named to them.

============  =============================================================
``reading``   bodies and addresses read; what is wrong named
``fields``    fields that several requests have
``clients``   clients: who reads, when, what is followed for them
``alerts``    who is alerted, how, and when not
``watches``   watches, tried before and mended after
``judging``   what people say of labels, subjects and digests before they are sent
``mentions``  which mentions are asked for
============  =============================================================
"""

from vigie.requests.alerts import AlertSettingsRequest, ChannelRequest, MuteRequest, PersonRequest
from vigie.requests.clients import (
    ClientRequest,
    EndpointRequest,
    KeyRequest,
    PackRequest,
    PlanRequest,
    RecipientRequest,
    ReviewerRequest,
    RotateRequest,
    ScheduleRequest,
)
from vigie.requests.fields import (
    PAGE_LIMIT,
    Crisis,
    Impact,
    Instant,
    Name,
    PageLimit,
    Reason,
    Relevance,
    SearchText,
)
from vigie.requests.judging import (
    AddedRequest,
    FeedbackRequest,
    MergeRequest,
    ReviewRequest,
    SplitRequest,
    ToneRequest,
    UndoRequest,
)
from vigie.requests.mentions import (
    EXPORT_LIMIT,
    REVIEW_LIMIT,
    ExportQuery,
    IntervalQuery,
    MentionFilter,
    MentionsQuery,
    PageQuery,
    ReviewQuery,
)
from vigie.requests.reading import language_of, read, read_query
from vigie.requests.watches import BackTestRequest, EntityRequest, FixRequest, WatchRequest

__all__ = [
    "EXPORT_LIMIT",
    "PAGE_LIMIT",
    "REVIEW_LIMIT",
    "AddedRequest",
    "AlertSettingsRequest",
    "BackTestRequest",
    "ChannelRequest",
    "ClientRequest",
    "Crisis",
    "EndpointRequest",
    "EntityRequest",
    "ExportQuery",
    "FeedbackRequest",
    "FixRequest",
    "Impact",
    "Instant",
    "IntervalQuery",
    "KeyRequest",
    "MentionFilter",
    "MentionsQuery",
    "MergeRequest",
    "MuteRequest",
    "Name",
    "PackRequest",
    "PageLimit",
    "PageQuery",
    "PersonRequest",
    "PlanRequest",
    "Reason",
    "RecipientRequest",
    "Relevance",
    "ReviewQuery",
    "ReviewRequest",
    "ReviewerRequest",
    "RotateRequest",
    "ScheduleRequest",
    "SearchText",
    "SplitRequest",
    "ToneRequest",
    "UndoRequest",
    "WatchRequest",
    "language_of",
    "read",
    "read_query",
]
