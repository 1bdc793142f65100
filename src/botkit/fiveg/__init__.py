"""Phones and 5G: which phone it is, what it can do, and how to set it up.

Pure rules: no files, no clock, no Rasa, no database. Content comes in from ``botkit.content``.

- ``PhoneRegistry.find_model`` / ``find_brand``: the phone that a sentence names.
- ``sa_support``: whether it has 5G and standalone 5G.
- ``build_guide``: the steps for a phone and a goal; ``GuidePosition`` walks through them.
"""

from botkit.fiveg.guide import Guide, Step, build_guide
from botkit.fiveg.guide_content import BrandGuide, Goal, GuideContent, GuideTexts
from botkit.fiveg.navigator import End, GuidePosition, Show
from botkit.fiveg.phones import Brand, ModelMatch, PhoneModel, PhoneRegistry
from botkit.fiveg.support import Support, sa_support
from botkit.fiveg.trust import Trust, is_soft, weakest

__all__ = [
    "Brand",
    "BrandGuide",
    "End",
    "Goal",
    "Guide",
    "GuideContent",
    "GuidePosition",
    "GuideTexts",
    "ModelMatch",
    "PhoneModel",
    "PhoneRegistry",
    "Show",
    "Step",
    "Support",
    "Trust",
    "build_guide",
    "is_soft",
    "sa_support",
    "weakest",
]
