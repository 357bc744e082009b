"""The offline classifier: labels with calibrated confidence and evidence, in plain Python.

``features`` reads words and hashes what they make; ``artefact`` keeps a trained head as a file; ``table`` puts all
heads in one, so that a feature costs one look-up; ``heads`` turns sums into labels; ``reading`` reads a document
once for all of them; ``classifier`` puts the labels together. Heads are trained by ``training/``, outside of here.
"""

from vigie.domain.classification.classifier import classify

__all__ = ["classify"]
