"""What a message means after what was just said, where its words alone mean something else.

Understanding sees one message; these readings see the conversation. Each names the action that the message was given to,
and the one that it belongs to instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.needs import age_said, data_wanted, says_how_much, says_what_is_wanted

if TYPE_CHECKING:
    from actions.base import Turn

_LIST, _TERM, _USAGE = "action_list_plans", "action_explain_term", "action_usage"
_NETWORK, _CANCEL, _ABORT = "action_network_problem", "action_cancel_service", "action_abort"
_DENY, _SET_UP, _CLARIFY = "action_deny", "action_setup_5g", "action_clarify"

_NO_THANKS = re.compile(
    r"(?:^|[\s,。, ])不了|不用|不要(?!紧)|(?<![打点解展])不[办辦换換买買开加订]|不需要|免了|(?<![算划打合])算了"
    r"|再说(?![一清遍点下详具说])|甭|唔使|唔要|(?<![特区區分级級性个识識辨类類告差])[别別](?![的家人墅])"
)
"""Words that turn down what the bot told of, though it asked nothing."""
_A_QUESTION = re.compile(r"[吗嗎么][?？]?$|[?？]$")
_TURNED_DOWN = ("addon", "change", "recommendation", "compare", "cancel", "plans", "plan")
"""Topics with something to turn down."""
USABLE = re.compile(r"能用|用得了|用得上|支持")
"""Asks whether a phone can do it, of the phone just named."""

_AND_THAT = re.compile(r"呢[?？]?$")
_ASKS = re.compile(r"[吧吗嗎么嘛不没][了]?[?？]?$|[?？]$")
_SHORT = 14
_LONG = 24
_THAT_DAY = re.compile(r"[那当]一?天")
_SAVES = re.compile(r"省")
_ALL = re.compile(r"都|全")
_NOT_ANY_MORE = re.compile(r"不换|取消|撤|不要|不办|不改")
_HOW_IT_IS_CHARGED = re.compile(r"怎么(?:算|收|计|扣)|(?:多少钱|几块钱?|几元)(?:一|每)|(?:一个?|每) ?[gG兆]")
_ONES_OWN = re.compile(r"我|多扣|为什么|为啥|咋|这笔|账单")
_PLANS = re.compile(r"套餐|卡|资费")
_ONES_HABITS = re.compile(r"[一每]个?月|平时|大概|左右|以上")
_WHERE_OR_WHEN = re.compile(
    r"地铁|电梯|地下|车库|隧道|高铁|火车|家里|屋里|单位|公司|学校|宿舍|小区|山|村|室|楼|路上|外面|到处|哪都|昨|今|早上|晚上|下午|刚"
)


def declines(said: str) -> bool:
    """Whether these words turn something down."""
    return _NO_THANKS.search(said) is not None and _A_QUESTION.search(said) is None


def meant_instead(turn: Turn, action: str) -> str | None:
    """The action that this message belongs to, where it is not `action`."""
    if turn.said.startswith("/"):
        return None
    found = _by_topic(turn, action) or _by_words(turn, action)
    return found if found != action else None


def _by_topic(turn: Turn, action: str) -> str | None:
    topic, said = turn.slot("topic"), turn.said
    if topic == "term" and turn.entities("term") and _AND_THAT.search(said) and len(said) <= _SHORT:
        return _TERM
    if topic == "plans" and action in ("action_change_plan", "action_inform", _CLARIFY) and age_said(turn) is not None:
        return _LIST
    if topic == "cancel" and (
        (action == "action_find_cheaper_plan" and _SAVES.search(said))
        or (action in ("action_more", "action_affirm") and _ALL.search(said))
    ):
        return _CANCEL
    if topic == "orders" and action in (_DENY, _CANCEL, "action_change_plan") and _NOT_ANY_MORE.search(said):
        return _ABORT
    if topic in _TURNED_DOWN and action == _CLARIFY and len(said) <= _LONG and declines(said):
        return _DENY
    if topic == "fiveg" and action in (_DENY, "action_affirm", _CLARIFY) and USABLE.search(said) and _ASKS.search(said):
        return _SET_UP
    if topic == "network":
        answers = turn.slot("awaiting") == "network" and _WHERE_OR_WHEN.search(said)
        if action == "action_guide_step" and not turn.slot("guide"):
            return _NETWORK
        if action in ("action_inform", _CLARIFY) and answers:
            return _NETWORK
    return None


def _by_words(turn: Turn, action: str) -> str | None:
    said = turn.said
    if action in ("action_find_cheaper_plan", "action_find_bigger_plan"):
        return _LIST if says_what_is_wanted(turn) and not turn.verified() else None
    if action in ("action_inform", _CLARIFY) and turn.form == "verify_form":
        return _LIST if says_what_is_wanted(turn) else None
    names_plans = says_what_is_wanted(turn) and _PLANS.search(said)
    if action == _CLARIFY and (names_plans or says_how_much(turn)):
        return _LIST
    if action == "action_inform" and _ONES_HABITS.search(said) and data_wanted(turn):
        return _LIST
    if action == "action_plan_details" and not turn.entities("plan", "number", "amount"):
        about_a_plan = (turn.slot("focus") or {}).get("plan")
        return (
            _TERM
            if "overage" in turn.entities("term") and _HOW_IT_IS_CHARGED.search(said) and not about_a_plan
            else None
        )
    if action in ("action_why", "action_bill", "action_explain_charge", _CLARIFY) and _THAT_DAY.search(said):
        return _USAGE if (turn.slot("focus") or {}).get("day") else None
    if (
        action in ("action_explain_charge", "action_roaming")
        and _HOW_IT_IS_CHARGED.search(said)
        and not _ONES_OWN.search(said)
        and not turn.entities("month")
    ):
        return _TERM if "overage" in turn.entities("term") else None
    return None
