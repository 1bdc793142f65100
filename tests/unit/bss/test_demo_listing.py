from __future__ import annotations

import json
from datetime import date

from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.listing import demo_listing
from botkit.bss.demo.scenario import load_scenarios


def test_the_listing_is_what_other_tools_rely_on(catalogue: Catalogue) -> None:
    scenarios = load_scenarios()
    listing = json.loads(json.dumps(demo_listing(catalogue, scenarios, date(2026, 11, 22)), ensure_ascii=False))
    assert listing.keys() == {"customers", "plans"}
    assert len(listing["customers"]) == len(scenarios) and len(listing["plans"]) == len(catalogue.plans)
    assert listing["customers"][5] == {
        "phone": "17000000006",
        "name": "张秀英",
        "plan": "畅选79",
        "phone_model": "华为 nova 6 5G",
        "shows": "第三方“炫动视频会员”每月 20 元, 已连扣 5 个月",
    }
    assert listing["customers"][14]["phone_model"] is None
    assert listing["plans"][2] == {"id": "24XQ900179", "name": "畅选79", "monthly_fee": 79, "on_sale": True}
    assert {plan["name"] for plan in listing["plans"] if not plan["on_sale"]} >= {"任我用98", "4G乐享138"}
