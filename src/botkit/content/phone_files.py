"""The shapes of the files under ``phones/``; values go straight into the types of ``botkit.fiveg``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from botkit.content.document import ContentModel
from botkit.fiveg.guide_content import (
    AgentNote,
    Caveat,
    Goal,
    LastStep,
    Phrases,
    Place,
    System,
    Topic,
    TopicText,
    Wording,
)
from botkit.fiveg.phones import Basis, Brand, PhoneModel
from botkit.fiveg.support import ReasonKey
from botkit.fiveg.trust import Trust


class ModelRow(ContentModel):
    """One phone. ``shared``: names that it shares with its 4G or 5G twin."""

    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    first_sold: int | None = Field(None, ge=2010, le=2100)
    network: Literal["4g", "5g"]
    sa: bool | None = None
    basis: Basis
    trust: Trust
    note: str = ""

    def to_model(self, brand_id: str) -> PhoneModel:
        fields = self.dict(exclude={"shared"})
        fields["aliases"] += self.shared
        return PhoneModel(brand_id=brand_id, **fields)


class ModelsFile(ContentModel):
    """``models.yml``: phones by brand id."""

    __root__: dict[str, list[ModelRow]]


class BrandFile(ContentModel):
    """``brands/<group>.yml``."""

    id: str
    name: str
    brands: tuple[Brand, ...]
    systems: tuple[System, ...] = ()
    places: dict[Topic, tuple[Place, ...]]
    caveats: tuple[Caveat, ...] = ()
    agent_notes: tuple[AgentNote, ...] = ()
    notice: str = ""
    closed_goals: tuple[Goal, ...] = ()


class GuideFile(ContentModel):
    """``guide.yml``."""

    titles: dict[Goal, str]
    leads: dict[Goal, str]
    finished: str
    hand_over: str
    phrases: Phrases
    topics: dict[Topic, TopicText]
    last_steps: dict[Goal, LastStep]
    support: dict[ReasonKey, Wording]
    opening: dict[Goal, tuple[ReasonKey, ...]]
