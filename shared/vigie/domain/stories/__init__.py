"""Stories: which documents carry one text. A dispatch and its reprints are one, two bulletins are two.

::

    text           a document's words, without what feeds, newsrooms and platforms put around them
    sketch         a few hundred bytes of a text, from which the share it has in common with another is read
    particulars    its numbers and names: what two bulletins of one template do not share
    fingerprint    all that is kept of a document, and the keys under which its copies meet
    likeness       whether two fingerprints are of one text
    union          stories as trees of documents, and the order that keeps them so
    facts          what a story's documents say together: who was first, who reprinted, what was corrected
"""
