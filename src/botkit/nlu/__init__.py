"""Understanding Chinese messages: normalisation, segmentation on spaCy, entity rules, the intent classifier.

`components` wraps them as Rasa graph components; the rest knows nothing of Rasa and is tested alone.
"""
