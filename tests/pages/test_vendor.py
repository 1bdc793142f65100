"""The kept libraries are the files that the registry delivered."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "channels" / "web" / "static" / "vendor"
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


def test_every_kept_file_is_listed_with_its_checksum():
    listed = {row["name"]: row["sha256"] for row in ROW.finditer((VENDOR / "VENDOR.md").read_text("utf-8"))}
    kept = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.iterdir()
        if file.name != "VENDOR.md"
    }
    assert listed == kept
