"""Whether a phone has 5G, and standalone 5G (SA, 独立组网), which the 5G-only data pack needs.

Rules: an explicit listing wins; a 5G phone first sold from 2021 on has SA (no phone without it was licensed
from 2020-01-01), one of 2020 too unless listed; one of 2019 that is not listed is never asserted; a 4G phone
has neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from botkit.fiveg.phones import PhoneModel
from botkit.fiveg.trust import Trust

Answer = Literal["yes", "no", "unknown"]
ReasonKey = Literal[
    "model_unknown",
    "four_g_phone",
    "listed_sa",
    "listed_nsa_only",
    "since_2021",
    "since_2020",
    "early_unlisted",
    "year_unknown",
]


@dataclass(frozen=True)
class Support:
    """What a phone can do, why we say so (a key of the texts in ``guide.yml``), and how sure that is."""

    five_g: Answer
    sa: Answer
    reason_key: ReasonKey
    trust: Trust


def sa_support(model: PhoneModel | None) -> Support:
    """Decides from the model's listing, network and year; ``None`` is a phone we do not know.

    By the year rules the trust is the rule's own: being a year off does not change the verdict.
    """
    if model is None:
        return Support("unknown", "unknown", "model_unknown", "GK")
    if model.network == "4g":
        return Support("no", "no", "four_g_phone", model.trust)
    if model.sa is True:
        return Support("yes", "yes", "listed_sa", model.trust)
    if model.sa is False:
        return Support("yes", "no", "listed_nsa_only", model.trust)
    if model.first_sold is None:
        return Support("yes", "unknown", "year_unknown", "GK")
    if model.first_sold >= 2021:
        return Support("yes", "yes", "since_2021", "B")
    if model.first_sold == 2020:
        return Support("yes", "yes", "since_2020", "C")
    return Support("yes", "unknown", "early_unlisted", "GK")
