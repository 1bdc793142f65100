"""The account's own menu, from `content/texts/wechat.yml`, and its way to the platform.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.content.texts import Texts
from channels.wechat.api import WechatApi

COLUMNS = ("wechat_menu_left", "wechat_menu_middle", "wechat_menu_right")
_NAME, _SUB_NAME, _KEY, _URL, _BUTTONS = 16, 60, 128, 1024, 5


class MenuError(ValueError):
    """The menu of the content is none that the platform takes; a sentence for whoever writes the content."""


def menu_of(texts: Texts) -> dict[str, Any]:
    """As the platform wants it. A payload that begins with https:// opens a page, any other is the key of a click."""
    return {"button": [_column(texts, name) for name in COLUMNS]}


def titles_of(menu: Mapping[str, Any]) -> Mapping[str, str]:
    """What a customer reads on the button of each key."""
    buttons = [button for column in menu["button"] for button in column.get("sub_button", [column])]
    return {button["key"]: button["name"] for button in buttons if "key" in button}


async def push(api: WechatApi, menu: Mapping[str, Any]) -> bool:
    """Put it in place. False: it was there already."""
    if _bare(await api.menu()) == _bare(menu):
        return False
    await api.create_menu(menu)
    return True


def _column(texts: Texts, name: str) -> dict[str, Any]:
    title, buttons = texts.text(name), texts.buttons(name)
    if not buttons or len(buttons) > _BUTTONS:
        raise MenuError(f"{name}: 每列要有 1 到 {_BUTTONS} 个按钮")
    if len(buttons) == 1:
        return _button(title, buttons[0]["payload"], _NAME, name)
    _check(title, _NAME, name)
    return {"name": title, "sub_button": [_button(one["title"], one["payload"], _SUB_NAME, name) for one in buttons]}


def _button(title: str, payload: str, room: int, name: str) -> dict[str, Any]:
    _check(title, room, name)
    if payload.startswith("https://"):
        _check(payload, _URL, name)
        return {"type": "view", "name": title, "url": payload}
    if not payload.startswith("/"):
        raise MenuError(f"{name}: 「{title}」的 payload 要以 / 或 https:// 开头")
    _check(payload, _KEY, name)
    return {"type": "click", "name": title, "key": payload}


def _check(text: str, room: int, name: str) -> None:
    if not 0 < len(text.encode()) <= room:
        raise MenuError(f"{name}: 「{text}」要在 {room} 字节以内, 一个汉字 3 字节")


def _bare(menu: Mapping[str, Any]) -> list[Any]:
    """Without what the platform adds: empty lists of buttons."""
    wanted = ("type", "name", "key", "url")
    return [
        {
            **{key: column[key] for key in wanted if key in column},
            "sub": _bare({"button": column.get("sub_button", [])}),
        }
        for column in menu.get("button", [])
        if isinstance(column, dict)
    ]
