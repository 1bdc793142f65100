"""How well the model understands labelled messages and dialogues, as figures, as text and as a page.

- ``read_labelled(path)`` → ``Labelled(messages, dialogues)``; raises ``LabelError`` with the line.
- ``measure(messages, results, dialogues, courses)`` → ``Measures``, all of it pure.
- ``as_text(measures)``, ``as_page(measures)``.
"""

from botkit.evaluation.labelled import Dialogue, LabelError, Labelled, Message, read_labelled
from botkit.evaluation.measures import Course, Measures, Result, measure
from botkit.evaluation.page import as_page
from botkit.evaluation.text import as_text

__all__ = [
    "Course",
    "Dialogue",
    "LabelError",
    "Labelled",
    "Measures",
    "Message",
    "Result",
    "as_page",
    "as_text",
    "measure",
    "read_labelled",
]
