"""What the offline classifier is not sure of, put to a large model: which questions, which answers, laid where.

``questions``: what is unsure, and of whom. ``replies``: what a model may say, read strictly. ``verdicts``: an answer
laid over the mentions of its story, below whatever a person says.
"""
