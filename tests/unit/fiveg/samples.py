"""A few phones and one small guide, written by hand so that each test can be read alone."""

from __future__ import annotations

from botkit.fiveg.guide_content import (
    AgentNote,
    BrandGuide,
    Caveat,
    Condition,
    GuideContent,
    GuideTexts,
    LastStep,
    Phrases,
    Place,
    System,
    TopicText,
    Wording,
)
from botkit.fiveg.phones import Brand, PhoneModel, PhoneRegistry

HUAWEI = Brand("huawei", "华为", ("huawei",), ("mate", "畅享", "鸿蒙"), group="huawei")
XIAOMI = Brand("xiaomi", "小米", ("xiaomi", "mi"), ("miui",), ("小米粥",), group="xiaomi")
REDMI = Brand("redmi", "Redmi", ("红米",), (), group="xiaomi")
APPLE = Brand("apple", "iPhone", ("苹果", "apple"), (), group="apple")
VIVO = Brand("vivo", "vivo", (), ("nex",), group="vivo")
IQOO = Brand("iqoo", "iQOO", (), (), group="vivo")
REALME = Brand("realme", "realme", ("真我",), (), group="realme")
ONEPLUS = Brand("oneplus", "一加", ("oneplus",), (), group="oneplus")
REDMAGIC = Brand("redmagic", "红魔", (), (), group="zte")
BRANDS = (HUAWEI, XIAOMI, REDMI, APPLE, VIVO, IQOO, REALME, ONEPLUS, REDMAGIC)


def five_g(brand_id: str, name: str, *aliases: str, codes: tuple[str, ...] = (), year: int = 2022) -> PhoneModel:
    return PhoneModel(brand_id, name, "5g", "rule", "GK", aliases=aliases, codes=codes, first_sold=year)


def four_g(brand_id: str, name: str, *aliases: str, codes: tuple[str, ...] = ()) -> PhoneModel:
    return PhoneModel(brand_id, name, "4g", "general", "GK", aliases, codes, first_sold=2019, sa=False)


MODELS = (
    four_g("huawei", "华为 Mate 30 4G", "Mate 30"),
    five_g("huawei", "华为 Mate 30 5G", "Mate 30", year=2019),
    five_g("huawei", "华为 Mate 60 Pro"),
    five_g("huawei", "华为 Mate X", codes=("TAH-AN00",)),
    four_g("xiaomi", "小米9"),
    five_g("xiaomi", "小米10S"),
    five_g("xiaomi", "小米14"),
    five_g("xiaomi", "小米14 Pro"),
    five_g("redmi", "Redmi K70"),
    four_g("redmi", "Redmi Note 8"),
    five_g("apple", "iPhone 13 Pro"),
    five_g("apple", "iPhone 15"),
    five_g("apple", "iPhone SE 第三代", "SE3"),
    five_g("vivo", "vivo NEX 3 5G"),
    five_g("vivo", "vivo NEX 3S 5G"),
    five_g("vivo", "vivo X50"),
    five_g("realme", "realme X50"),
    five_g("iqoo", "iQOO Pro 5G"),
    four_g("iqoo", "iQOO Pro 4G", codes=("V1922A",)),
    five_g("oneplus", "一加 12"),
    five_g("redmagic", "红魔 5G", "红魔 5"),
)


def registry() -> PhoneRegistry:
    return PhoneRegistry(BRANDS, MODELS)


PHRASES = Phrases(
    turn_on="把「{items}」打开",
    turn_off="把「{items}」关掉",
    choose="选「{items}」",
    either="」或「",
    go="打开 {path}。",
    do="打开 {path}, {action}。",
    soft="一般在这里。",
    other_place="换个位置: {do}",
    search="搜「{words}」。",
)

TEXTS = GuideTexts(
    titles={"5g": "打开 5G", "volte": "打开高清通话", "sa_pack": "用上单模流量"},
    leads={"5g": "不用换卡。", "volte": "", "sa_pack": ""},
    finished="好了。",
    hand_over="转人工。",
    phrases=PHRASES,
    topics={
        "sim": TopicText("选卡", ("SIM 卡",), more="选您的号码。"),
        "five_g": TopicText("5G 开关", ("5G",), no_switch="没有 5G 开关。", without_switch="没有 5G 开关也行。"),
        "sa": TopicText(
            "独立组网",
            ("SA", "独立"),
            no_switch="独立组网默认已开。",
            if_seen="若有, 也{action}。",
            without_switch="没有独立组网开关也行。",
        ),
        "volte": TopicText(
            "高清通话",
            ("VoLTE",),
            no_switch="高清通话默认已开。",
            with_5g="高清通话也开了。",
            without_switch="不显示也行。",
        ),
        "battery": TopicText("省电", ("省电",), skip="没有就跳过。"),
    },
    last_steps={
        "5g": LastStep("看图标", "看 5G 图标。", "B", ("重启。",)),
        "volte": LastStep("看 HD", "看 HD 图标。", "B", ()),
        "sa_pack": LastStep("看余量", "看剩余量。", "A", ("换个地方。",), caution="图标不算数。"),
    },
    support={
        "model_unknown": Wording("不知道型号。", "不知道型号。"),
        "four_g_phone": Wording("是 4G 手机。", "一般是 4G 手机。"),
        "listed_sa": Wording("支持。", "一般支持。"),
        "listed_nsa_only": Wording("用不了独立组网。", "一般用不了独立组网。"),
        "since_2021": Wording("支持。", "一般支持。"),
        "since_2020": Wording("支持。", "一般支持。"),
        "early_unlisted": Wording("说不准。", "说不准。"),
        "year_unknown": Wording("说不准。", "说不准。"),
    },
    opening={
        "5g": ("four_g_phone", "listed_nsa_only", "early_unlisted"),
        "volte": (),
        "sa_pack": ("four_g_phone", "listed_nsa_only", "early_unlisted"),
    },
)

XIAOMI_GUIDE = BrandGuide(
    id="xiaomi",
    name="小米 / Redmi",
    brands=(XIAOMI, REDMI),
    systems=(System("new", "澎湃OS", ("澎湃", "hyperos2")), System("old", "MIUI 11–14", ("miui", "miui14"))),
    places={
        "sim": (
            Place("B", "设置 › 双卡", when=(Condition(systems=("old",)),)),
            Place("B", "设置 › SIM 卡", when=(Condition(systems=("new",)),)),
        ),
        "five_g": (
            Place("GK", "设置 › 双卡", ("5G 网络",), when=(Condition(systems=("old",), until=2023),)),
            Place("B", when=(Condition(systems=("new",)), Condition(since=2024), Condition(models=("小米14",)))),
        ),
        "sa": (
            Place("B", "设置 › 双卡", ("SA",), when=(Condition(systems=("old",), until=2020),)),
            Place("B", when=(Condition(since=2021),)),
        ),
        "volte": (Place("GK", "设置 › 双卡 › 您的号码", ("VoLTE",)),),
    },
    caveats=(
        Caveat("sim", "号码放主卡。", "GK", (Condition(models=("小米10",)),)),
        Caveat("battery", "智能 5G 也关掉。", "GK"),
    ),
    agent_notes=(AgentNote("*#*#726633#*#*", "B"),),
)

PIXEL_GUIDE = BrandGuide(
    id="google",
    name="谷歌",
    brands=(Brand("google", "Pixel", group="google"),),
    places={"sa": (), "volte": ()},
    notice="内地没有适配。",
    closed_goals=("volte", "sa_pack"),
)

OTHER_GUIDE = BrandGuide(
    id="other",
    name="其他",
    brands=(),
    places={
        "sim": (Place("GK", "设置 › 移动网络"),),
        "five_g": (Place("GK", "设置 › 移动网络", ("启用 5G", "5G 网络")),),
        "sa": (Place("B"),),
        "volte": (Place("GK", "设置 › 移动网络", ("VoLTE",)),),
        "battery": (Place("GK", "设置 › 电池", ("省电模式",), "turn_off"),),
    },
)

CONTENT = GuideContent(TEXTS, (XIAOMI_GUIDE, PIXEL_GUIDE), OTHER_GUIDE)
