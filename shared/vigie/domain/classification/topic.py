"""The first level of IPTC Media Topics: what a document is about, in the words of the press.

Ids and English names: https://cv.iptc.org/newscodes/mediatopic (CC BY 4.0); French names are IPTC's, shortened.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its id, a short name for files, and its names."""

    code: str
    short: str
    english: str
    french: str


TOPICS: Final = (
    Topic("medtop:01000000", "arts", "arts, culture, entertainment and media", "arts, culture et médias"),
    Topic("medtop:02000000", "crime", "crime, law and justice", "police et justice"),
    Topic(
        "medtop:03000000", "disaster", "disaster, accident and emergency incident", "désastres et accidents"
    ),
    Topic("medtop:04000000", "economy", "economy, business and finance", "économie, entreprises et finance"),
    Topic("medtop:05000000", "education", "education", "éducation"),
    Topic("medtop:06000000", "environment", "environment", "environnement"),
    Topic("medtop:07000000", "health", "health", "santé"),
    Topic("medtop:08000000", "human", "human interest", "gens, animaux, insolite"),
    Topic("medtop:09000000", "labour", "labour", "social et travail"),
    Topic("medtop:10000000", "lifestyle", "lifestyle and leisure", "vie quotidienne et loisirs"),
    Topic("medtop:11000000", "politics", "politics and government", "politique"),
    Topic("medtop:12000000", "religion", "religion", "religion et croyance"),
    Topic("medtop:13000000", "science", "science and technology", "sciences et techniques"),
    Topic("medtop:14000000", "society", "society", "société"),
    Topic("medtop:15000000", "sport", "sport", "sport"),
    Topic("medtop:16000000", "conflict", "conflict, war and peace", "conflits, guerres et paix"),
    Topic("medtop:17000000", "weather", "weather", "météo"),
)

BY_CODE: Final = {topic.code: topic for topic in TOPICS}
