"""Trains the model when the content has changed, shows how far it is, and says clearly what is wrong with the content.

- ``train_if_needed(settings, report)`` → ``Training(model, trained, seconds, findings)``; raises ``TrainingError``.
- ``check(settings, report)`` → the ``Finding``s that Rasa and we have on domain, stories, rules and examples; no training.
- ``TrainingDisplay(settings)``: a ``report`` for the terminal, a progress bar or plain lines.
- ``fingerprint(settings)``, ``model_path(settings)``: which content this is, and where its model lies.

Rasa runs in a process of its own (``python -m botkit.training``), so that importing this package costs nothing and
TensorFlow's chatter ends in ``var/train.log``.
"""

from botkit.training.display import TrainingDisplay
from botkit.training.findings import Finding
from botkit.training.fingerprint import fingerprint, model_path
from botkit.training.progress import Phase, Report, Step
from botkit.training.train import Training, TrainingError, check, train_if_needed

__all__ = [
    "Finding",
    "Phase",
    "Report",
    "Step",
    "Training",
    "TrainingDisplay",
    "TrainingError",
    "check",
    "fingerprint",
    "model_path",
    "train_if_needed",
]
