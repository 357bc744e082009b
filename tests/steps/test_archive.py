"""The archive: a sample of what was polled."""

import gzip

from tests.builders import CUTOFF, a_document
from tests.fakes import World
from vigie.messages import encode
from vigie.steps.archive import sample_documents


def test_a_sample_takes_an_equal_share_of_each_poll() -> None:
    """A poll of many documents does not crowd out the others; what is gone or damaged is skipped."""
    world = World()
    for poll in "ab":
        documents = [a_document(f"{poll}{number}") for number in range(5)]
        content = encode({"batch_id": poll, "polled_at": CUTOFF, "documents": documents})
        world.blobs.put(poll, gzip.compress(content), "application/json")
    world.blobs.put("damaged", b"\x1f\x8b", "application/json")

    some = sample_documents(world.blobs, ["a", "gone", "damaged", "b"], 6)

    assert [document.title for document in some] == ["a0", "a1", "b0", "b1"]
