"""The console's files: text is only ever text, its sentences stand in one catalogue, and nothing is named that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESK = ROOT / "src" / "botkit" / "desk" / "static"
WEB = ROOT / "channels" / "web" / "static"
MODULES = sorted(DESK.rglob("*.js"))
CATALOGUE = DESK / "strings.js"

CHINESE = re.compile(r"[\u3400-\u9fff]")
PARSES_HTML = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function")
IMPORT = re.compile(r'(?:from|import) "([^"]+)"')
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$|\s//\s.*$", re.DOTALL | re.MULTILINE)


def name(module: Path) -> str:
    return module.relative_to(DESK).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_no_html_is_parsed(module):
    assert not PARSES_HTML.search(module.read_text("utf-8"))


@pytest.mark.parametrize("module", [module for module in MODULES if module != CATALOGUE], ids=name)
def test_sentences_stand_in_the_catalogue(module):
    assert not CHINESE.search(COMMENT.sub("", module.read_text("utf-8")))


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_what_a_module_imports_is_there(module):
    for address in IMPORT.findall(module.read_text("utf-8")):
        file = WEB / address.removeprefix("/web/") if address.startswith("/web/") else module.parent / address
        assert file.is_file(), address


def test_every_sentence_is_used_and_every_used_one_is_there():
    catalogue = CATALOGUE.read_text("utf-8").split("export const strings = {", 1)[1]
    there = set(re.findall(r"^  (\w+):", catalogue, re.MULTILINE))
    sources = "".join(module.read_text("utf-8") for module in MODULES if module != CATALOGUE)
    used = set(re.findall(r"(?<!/)\bstrings\.(\w+)", sources)) | set(
        re.findall(r"const \{ (\w+) \} = strings;", sources)
    )
    assert used == there
