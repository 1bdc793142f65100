"""Updates as Telegram sends them.

The samples are those of https://core.telegram.org/bots/webhooks#testing-your-bot-with-updates, with the `type` of the chat
where that page leaves it out and other texts; what the page has no sample of is put together from the field tables of
https://core.telegram.org/bots/api#available-types.
"""

from __future__ import annotations

import itertools
from typing import Any

JSON = dict[str, Any]

CUSTOMER = 1111111
DATE = 1795327500
"""2026-11-22 14:05 in China, as the clock of the tests."""

_ids = itertools.count(10000)


def user(identity: int = CUSTOMER) -> JSON:
    return {
        "id": identity,
        "is_bot": False,
        "first_name": "Test Firstname",
        "last_name": "Test Lastname",
        "username": "Testusername",
        "language_code": "zh-hans",
    }


def private(identity: int = CUSTOMER) -> JSON:
    return {
        "id": identity,
        "type": "private",
        "first_name": "Test Firstname",
        "last_name": "Test Lastname",
        "username": "Testusername",
    }


def group(identity: int = -1001234567890) -> JSON:
    return {"id": identity, "type": "supergroup", "title": "一家人"}


def message(chat: int = CUSTOMER, update_id: int | None = None, date: int = DATE, **content: Any) -> JSON:
    number = next(_ids) if update_id is None else update_id
    said = {"message_id": number - 8000, "date": date, "chat": private(chat), "from": user(chat), **content}
    return {"update_id": number, "message": said}


def text(said: str, chat: int = CUSTOMER, **more: Any) -> JSON:
    if said.startswith("/"):
        length = len(said.split()[0])
        more.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": length}])
    return message(chat, text=said, **more)


def edited(said: str, message_id: int = 1365) -> JSON:
    content = {"message_id": message_id, "date": DATE, "edit_date": DATE + 60, "text": said}
    return {"update_id": next(_ids), "edited_message": {"chat": private(), "from": user(), **content}}


def in_group(said: str, chat: JSON | None = None) -> JSON:
    content = {"message_id": 7, "date": DATE, "chat": chat or group(), "from": user(), "text": said}
    return {"update_id": next(_ids), "message": content}


def channel_post(said: str) -> JSON:
    chat = {"id": -1009876543210, "type": "channel", "title": "Test channel"}
    return {"update_id": next(_ids), "channel_post": {"message_id": 9, "date": DATE, "chat": chat, "text": said}}


def joined(chat: JSON | None = None) -> JSON:
    bot = {"id": 4242, "is_bot": True, "first_name": "星桥助手", "username": "xingqiao_bot"}
    content = {"message_id": 8, "date": DATE, "chat": chat or group(), "from": user(), "new_chat_members": [bot]}
    return {"update_id": next(_ids), "message": content}


def member(status: str, chat: JSON | None = None) -> JSON:
    bot = {"id": 4242, "is_bot": True, "first_name": "星桥助手", "username": "xingqiao_bot"}
    new: JSON = {"status": status, "user": bot}
    if status == "kicked":
        new["until_date"] = 0
    change = {
        "chat": chat or private(),
        "from": user(),
        "date": DATE,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": new,
    }
    return {"update_id": next(_ids), "my_chat_member": change}


def pressed(data: str, sent: JSON | None = None, chat: int = CUSTOMER, update_id: int | None = None) -> JSON:
    """sent: the message with the keyboard, as the server gave it back; None: one that Telegram no longer shows."""
    number = next(_ids) if update_id is None else update_id
    shown = sent or {"message_id": 77, "date": 0, "chat": private(chat)}
    query = {"id": f"4382bfdwdsb{number}", "from": user(chat), "chat_instance": "-331", "data": data, "message": shown}
    return {"update_id": number, "callback_query": query}


def sticker(emoji: str | None = "👍") -> JSON:
    shown: JSON = {
        "file_id": "CAACAgIAAxkBAAE",
        "file_unique_id": "AgADBAAD",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    }
    return message(sticker=shown | ({"emoji": emoji} if emoji else {}))


def location(**more: Any) -> JSON:
    return message(location={"latitude": 31.230416, "longitude": 121.473701, **more})


def venue() -> JSON:
    place = {"latitude": 31.230416, "longitude": 121.473701}
    return message(location=place, venue={"location": place, "title": "人民广场营业厅", "address": "黄浦区人民大道"})


def contact(number: str, of: int | None = CUSTOMER, **more: Any) -> JSON:
    card: JSON = {"phone_number": number, "first_name": "小王"}
    return message(contact=card | ({"user_id": of} if of else {}), **more)


def photo(sizes: dict[str, tuple[int, int, int]], **more: Any) -> JSON:
    """sizes: width, height, bytes by file id."""
    return message(
        photo=[
            {"file_id": name, "file_unique_id": f"u{name}", "width": width, "height": height, "file_size": size}
            for name, (width, height, size) in sizes.items()
        ],
        **more,
    )


def document(file_id: str, size: int | None, name: str = "Testfile.pdf", **more: Any) -> JSON:
    shown: JSON = {"file_id": file_id, "file_unique_id": "u1", "file_name": name, "mime_type": "application/pdf"}
    return message(document=shown | ({} if size is None else {"file_size": size}), **more)


def voice(file_id: str, size: int = 23000) -> JSON:
    shown = {"file_id": file_id, "file_unique_id": "u2", "duration": 5, "mime_type": "audio/ogg", "file_size": size}
    return message(voice=shown)


def every_kind() -> list[JSON]:
    """One of each, for mutations."""
    forwarded = {"type": "user", "sender_user": user(222222), "date": DATE - 9}
    return [
        text("查余额"),
        text("/start deep_link"),
        text("/balance@xingqiao_bot"),
        text("转发的话", forward_origin=forwarded),
        text("Bold and italics", entities=[{"type": "bold", "offset": 0, "length": 4}]),
        text("回复", reply_to_message=message(text="Original")["message"]),
        edited("Edited text"),
        in_group("大家好"),
        channel_post("公告"),
        joined(),
        member("kicked"),
        member("member"),
        member("member", group()),
        pressed("/ask_balance"),
        pressed("c:1:0"),
        sticker(),
        location(),
        venue(),
        contact("+8617000000001"),
        contact("10086", of=None),
        photo({"small": (90, 67, 1200), "large": (1280, 960, 120000)}, caption="这是什么"),
        document("doc", 536392),
        voice("voice"),
        message(dice={"emoji": "🎲", "value": 3}),
        message(pinned_message=message(text="置顶")["message"]),
        {
            "update_id": next(_ids),
            "inline_query": {"id": "134567890097", "from": user(), "query": "inline query", "offset": ""},
        },
    ]
