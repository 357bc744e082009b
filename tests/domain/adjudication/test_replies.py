"""What a large model may reply, read strictly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.adjudication.questions import Question, Whom
from vigie.domain.adjudication.replies import BadReply, Opinion, read_reply

QUESTION = Question(
    title="La Banque d'Armélie sous le feu des critiques",
    text="Des élus dénoncent la fermeture de « trois guichets ». La direction n'a pas répondu.",
    language="fr",
    whom=Whom(name="Banque d'Armélie"),
)
GOOD: dict[str, Any] = {
    "relevance": {"label": "main", "confidence": 0.93},
    "impact": {"label": "unfavourable", "confidence": 0.8},
    "tone": {"label": "negative", "confidence": 1},
    "crisis": {"label": "watch", "confidence": 0.7, "type": "closure"},
    "quotes": ["Des élus dénoncent la fermeture"],
}


def read(reply: Any) -> Any:
    """Return what is read of a reply."""
    return read_reply(reply if isinstance(reply, str) else json.dumps(reply), QUESTION, "bedrock/m/p-1")


def test_a_good_reply_is_read_whole() -> None:
    """Labels, confidences, type and quotes, with who said so."""
    answer = read(GOOD)
    assert answer.source == "bedrock/m/p-1"
    assert answer.opinions["relevance"] == Opinion("main", 0.93)
    assert answer.opinions["tone"] == Opinion("negative", 1.0)
    assert (answer.crisis_type, answer.quotes) == ("closure", ("Des élus dénoncent la fermeture",))
    calm = {**GOOD, "crisis": {"label": "none", "confidence": 0.7, "type": None}}
    assert read(f"\n {json.dumps(calm)} ").crisis_type is None


def test_a_quote_may_differ_in_its_typography() -> None:
    """Quotes, dashes, spaces and capitals are the model's, the words the text's."""
    assert read({**GOOD, "quotes": ['la  FERMETURE de "trois guichets"', "Banque d’Armélie"]})


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("", id="nothing"),
        pytest.param("Je ne peux pas répondre à cette demande.", id="refusal in words"),
        pytest.param(f"```json\n{json.dumps(GOOD)}\n```", id="code fence"),
        pytest.param(f"Voici : {json.dumps(GOOD)}", id="words before"),
        pytest.param(f"{json.dumps(GOOD)} {json.dumps(GOOD)}", id="two objects"),
        pytest.param(json.dumps([GOOD]), id="a list"),
        pytest.param(json.dumps(GOOD)[:-1], id="cut off"),
        pytest.param("[" * 5_000, id="deep"),
        pytest.param(json.dumps(GOOD) + " " * 4_000, id="long"),
        pytest.param(json.dumps(GOOD).replace("0.93", "NaN"), id="not a number"),
        pytest.param(json.dumps(GOOD).replace("0.93", "1e999"), id="infinite"),
        pytest.param(json.dumps(GOOD)[:-1] + ', "quotes": ["trois guichets"]}', id="a key twice"),
        pytest.param({**GOOD, "note": "x"}, id="a key more"),
        pytest.param({name: GOOD[name] for name in GOOD if name != "tone"}, id="a key less"),
        pytest.param({**GOOD, "tone": "negative"}, id="no object"),
        pytest.param({**GOOD, "tone": {"label": "mixed", "confidence": 0.5}}, id="a label of another"),
        pytest.param({**GOOD, "tone": {"label": ["negative"], "confidence": 0.5}}, id="a list of labels"),
        pytest.param({**GOOD, "tone": {"label": "negative", "confidence": True}}, id="true"),
        pytest.param({**GOOD, "tone": {"label": "negative", "confidence": "0.5"}}, id="text"),
        pytest.param({**GOOD, "tone": {"label": "negative", "confidence": 1.2}}, id="over one"),
        pytest.param({**GOOD, "tone": {"label": "negative", "confidence": 0.5, "x": 1}}, id="inner key"),
        pytest.param({**GOOD, "crisis": {"label": "watch", "confidence": 0.5}}, id="no type"),
        pytest.param(
            {**GOOD, "crisis": {"label": "watch", "confidence": 0.5, "type": "flood"}}, id="a type of none"
        ),
        pytest.param(
            {**GOOD, "crisis": {"label": "none", "confidence": 0.5, "type": "recall"}}, id="calm, with a type"
        ),
        pytest.param({**GOOD, "quotes": []}, id="no quote"),
        pytest.param({**GOOD, "quotes": [" "]}, id="an empty quote"),
        pytest.param({**GOOD, "quotes": ["a"] * 6}, id="too many quotes"),
        pytest.param({**GOOD, "quotes": [7]}, id="a quote that is none"),
        pytest.param({**GOOD, "quotes": ["Les élus applaudissent"]}, id="a quote made up"),
    ],
)
def test_anything_else_is_no_answer(wrong: Any) -> None:
    """Nothing is guessed, mended or half believed."""
    with pytest.raises(BadReply):
        read(wrong)


def test_a_refused_reply_is_not_quoted() -> None:
    """The reason goes to logs and parked things: none of the reply's words does."""
    secret = "Numéro de client 4242"
    for wrong in (secret, {**GOOD, "quotes": [secret]}, {**GOOD, "tone": {"label": secret, "confidence": 1}}):
        with pytest.raises(BadReply) as refusal:
            read(wrong)
        assert "4242" not in str(refusal.value)


@given(st.text(max_size=200) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_reply_breaks_the_reading(reply: Any) -> None:
    """Whatever comes is refused as a bad reply."""
    with pytest.raises(BadReply):
        read(reply)
