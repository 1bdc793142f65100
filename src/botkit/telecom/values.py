"""The two value types every rule speaks in: money in whole fen, data volume in whole megabytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
MB_PER_GB = 1024


@dataclass(frozen=True, order=True)
class Money:
    """An amount in yuan, always whole fen; may be negative.

    Build it with `Money.of`, which rounds half up to the fen. Rules compute in `Decimal` and round once, at the end.
    """

    yuan: Decimal

    @classmethod
    def of(cls, yuan: Decimal | int | str) -> Money:
        return cls(Decimal(yuan).quantize(FEN, rounding=ROUND_HALF_UP))

    def __post_init__(self) -> None:
        if self.yuan != self.yuan.quantize(FEN):
            raise ValueError(f"{self.yuan} is not a whole number of fen; use Money.of")

    def __add__(self, other: Money) -> Money:
        return Money.of(self.yuan + other.yuan)

    def __sub__(self, other: Money) -> Money:
        return Money.of(self.yuan - other.yuan)

    def __neg__(self) -> Money:
        return Money.of(-self.yuan)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money.of(self.yuan * factor)

    def __bool__(self) -> bool:
        return self.yuan != 0

    def __str__(self) -> str:
        """Two decimals, no unit: `36.42`."""
        return f"{self.yuan:.2f}"

    @property
    def plain(self) -> str:
        """As few digits as say the same: `129`, `0.15`, `8.5`."""
        return f"{self.yuan.normalize():f}"


ZERO = Money.of(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum; zero for none."""
    return sum(amounts, ZERO)


@dataclass(frozen=True, order=True)
class DataVolume:
    """A volume of mobile data in whole megabytes (1 GB = 1024 MB); may be negative as a difference."""

    mb: int

    @classmethod
    def gb(cls, gigabytes: Decimal | int | str) -> DataVolume:
        return cls(int((Decimal(gigabytes) * MB_PER_GB).to_integral_value(ROUND_HALF_UP)))

    def __add__(self, other: DataVolume) -> DataVolume:
        return DataVolume(self.mb + other.mb)

    def __sub__(self, other: DataVolume) -> DataVolume:
        return DataVolume(self.mb - other.mb)

    def __bool__(self) -> bool:
        return self.mb != 0

    @property
    def in_gb(self) -> Decimal:
        return Decimal(self.mb) / MB_PER_GB

    def __str__(self) -> str:
        """For people: whole MB below 1 GB, else GB with at most one decimal (`512 MB`, `16.3 GB`, `20 GB`)."""
        if abs(self.mb) < MB_PER_GB:
            return f"{self.mb} MB"
        rounded = self.in_gb.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP).normalize()
        return f"{rounded:f} GB"


NO_DATA = DataVolume(0)
