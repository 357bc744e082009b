"""The engine: which of many queries a document matches, for little more than reading the document once.

``vocabulary`` numbers what queries ask for (``patterns`` are its wildcards), ``cutting`` and ``recognise`` find it in
a document, ``program`` is what is kept of a query, ``anchors`` says where it is filed (by the ``weights`` of things),
``decide`` makes a function of a program (positions in ``spans``), ``compiled`` is the file (in ``sections``, with a
``table`` of names), ``index`` puts all of it together and ``matcher`` adds the evidence, which ``evaluate`` finds.
"""

from vigie.domain.query.engine.compiled import VERSION as FORMAT
from vigie.domain.query.engine.index import Index, compile_queries, open_compiled
from vigie.domain.query.engine.matcher import Matcher
from vigie.domain.query.engine.sections import BadFile

__all__ = ["FORMAT", "BadFile", "Index", "Matcher", "compile_queries", "open_compiled"]
