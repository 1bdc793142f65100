"""The operator's published catalogue, read from `catalogue.yaml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from botkit.bss.demo.reading import MalformedData, load, read
from botkit.bss.port import UnknownProduct
from botkit.telecom.plan import AddOn, Plan

T = TypeVar("T")
CATALOGUE = Path(__file__).with_name("catalogue.yaml")


@dataclass(frozen=True)
class Catalogue:
    """Every plan and add-on, on sale or not, in the published order."""

    plans: tuple[Plan, ...]
    add_ons: tuple[AddOn, ...]

    @property
    def products(self) -> tuple[Plan | AddOn, ...]:
        return self.plans + self.add_ons

    def plan(self, plan_id: str) -> Plan:
        """Raises `UnknownProduct`."""
        return _only((plan for plan in self.plans if plan.id == plan_id), plan_id)

    def add_on(self, add_on_id: str) -> AddOn:
        """Raises `UnknownProduct`."""
        return _only((add_on for add_on in self.add_ons if add_on.id == add_on_id), add_on_id)

    def plan_named(self, name: str) -> Plan:
        """The plan of exactly that name. Raises `UnknownProduct`."""
        return _only((plan for plan in self.plans if plan.name == name), name)

    def add_on_named(self, name: str) -> AddOn:
        """The add-on of exactly that name. Raises `UnknownProduct`."""
        return _only((add_on for add_on in self.add_ons if add_on.name == name), name)


def _only(found: Iterator[T], wanted: str) -> T:
    for product in found:
        return product
    raise UnknownProduct(wanted)


def load_catalogue(path: Path = CATALOGUE) -> Catalogue:
    """The catalogue in a YAML file with the keys `plans`, `add_ons` and, for anchors only, `common`.

    Raises:
        MalformedData: a field is missing, unknown or of the wrong form; an id, name or alias stands for two products.
    """
    content = load(path)
    catalogue = Catalogue(
        plans=tuple(read(Plan, entry, _place("plans", entry)) for entry in content["plans"]),
        add_ons=tuple(read(AddOn, entry, _place("add_ons", entry)) for entry in content["add_ons"]),
    )
    _refuse_repeats(catalogue)
    return catalogue


def _place(section: str, entry: Any) -> str:
    name = entry.get("name", entry.get("id", "?")) if isinstance(entry, dict) else "?"
    return f"{section} {name}"


def _refuse_repeats(catalogue: Catalogue) -> None:
    words = Counter(word for product in catalogue.products for word in (product.name, *product.aliases))
    ids = Counter(product.id for product in catalogue.products)
    for word, times in (words + ids).items():
        if times > 1:
            raise MalformedData("catalogue", f"{word} stands for {times} products")
