"""The cases of errands: what customers say that must get each, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content.texts import Texts, load_texts
from botkit.nlu.normalise import normalise

LONGEST = 90

SAID: dict[str, dict[str, list[str]]] = {
    "errand_recharge": {
        "充值卡": ["充值卡刮开了往哪儿输", "我这有张刮刮卡怎么用", "卡密输进去说无效"],
        "自动充值": ["想弄个自动充值", "话费自动扣怎么取消", "每个月能自动给我交上吗"],
        "充错了": ["充错号了能要回来吗", "钱打到别人号上打错了", "一百块充给陌生人了咋追回"],
        "付款失败": ["老充不进去", "付钱的时候提示失败", "充值页面打不开"],
        "停机时充": ["停机了还能充吗", "欠着费呢在哪补交", "手机停着机怎么交钱"],
        "给别人充": ["给我爸充五十", "替同学交话费行不行", "能给别的号充吗"],
        "最少充多少": ["最少充多少", "十块能充不", "一次最多能充几百", "起充是多少"],
        "现金和代收点": ["我只有现金咋交", "小卖部能不能交话费", "不会用微信怎么充"],
    },
    "errand_invoice": {
        "专票": ["专票能开不", "要增值税那种票", "增值税专用发票需要啥"],
        "购机发票": ["购机的票找谁", "买手机的发票在哪补", "手机三包要的那张票"],
        "没收到": ["票到现在没收到", "发票再发一次", "邮箱填错了收不到"],
        "打不开": ["这个ofd打不开", "有没有PDF格式的", "文件打不开"],
        "开错了要重开": ["抬头写错了能重开吗", "税号填错了一位", "票要冲红", "已经开成个人的能改单位吗"],
        "补开以前的": ["去年的票还能开吗", "上个月忘了开", "前几个月的能补开不"],
        "合开、分开和金额": ["几个月合并开一张", "金额跟我交的对不上", "赠送的能不能开"],
        "单位抬头和税号": ["抬头写公司", "税号在哪填", "单位要的抬头怎么弄"],
        "纸质票和收据": ["有没有纸质的", "要盖章的", "给我打一张收据"],
    },
    "roaming": {
        "国内跨省": ["跨省用流量加钱吗", "去外省打电话贵不贵", "到新疆用流量另收不", "出省还有漫游费没"],
        "到了境外没网": ["到曼谷了没网", "下飞机没信号", "在韩国连不上网", "落地上不了网"],
        "收发短信和验证码": ["在国外收短信要钱吗", "境外能收到验证码吗", "发短信在国外怎么收费"],
        "国内打国际长途": ["国际长途怎么打", "从国内打到德国多少钱", "给在日本的同学打电话怎么拨"],
        "在境外接打电话": ["在国外接电话收钱吗", "在泰国打电话一分钟多少", "出国了家里来电要钱不"],
        "不想用流量怎么不扣钱": ["不想用流量怎么不扣", "怕它偷跑", "数据漫游要不要关"],
        "开通和关闭": ["漫游怎么开通", "帮我把漫游关掉", "国际漫游取消"],
        "港澳台": ["去香港能用不", "澳门要开通吗", "到台湾手机能上网吗"],
    },
    "errand_broadband": {
        "师傅几时来": ["师傅啥时候到", "约了今天怎么还没来人", "什么时候上门", "想改约个时间"],
        "移机": ["搬家宽带怎么弄", "宽带移到新房子", "换地方了网能迁吗"],
        "WiFi 和宽带的密码": ["wifi密码在哪改", "忘了无线密码", "宽带账号密码是多少"],
        "电视和机顶盒": ["电视看不了", "机顶盒黑屏", "遥控器不好使"],
        "拆机和暂停": ["宽带不用了想拆掉", "我要退宽带", "光猫要还吗"],
        "到期、续费和欠费": ["宽带几月到期", "续费多少钱", "宽带欠费没"],
        "新装": ["想装个宽带", "我们小区能装吗", "新房拉网线"],
        "提速和价格": ["提速要多少钱", "想升级到千兆", "宽带多少钱"],
        "断网和红灯": ["光猫亮红灯", "家里断网了", "路由器坏了", "网上不去"],
        "慢、卡和信号弱": ["网速好慢", "晚上卡得要死", "卧室信号差"],
    },
    "errand_replace_sim": {
        "PUK 和锁卡": ["让我输PUK", "卡被锁了", "pin码输错了"],
        "eSIM": ["ESIM能办吗", "想要电子卡", "手表上怎么加卡"],
        "多久能用": ["补了卡多久能用", "新卡怎么激活", "旧卡还能用吗"],
        "剪卡和小卡": ["能自己剪吗", "要换小卡", "卡塞不进新手机"],
        "不识别卡": ["手机不识别卡", "显示无SIM卡", "插上没反应"],
        "代办": ["能代办吗", "我替我妈补行吗", "要本人去吗"],
        "异地和国外": ["异地能补吗", "我在外省怎么换卡", "人在国外卡坏了"],
        "网上办和邮寄": ["能网上补吗", "卡能寄给我不", "快递到家行吗"],
        "多少钱": ["补卡多少钱", "换卡收费吗", "要工本费不"],
    },
    "errand_report_lost_phone": {
        "找回来了": ["手机找到了", "卡找回来了咋解", "我要取消挂失"],
        "停机保号": ["停机保号怎么办", "出国半年想留着号", "号先留着暂时不用"],
        "支付账户": ["手机丢了支付宝怎么办", "怕人家用我微信里的钱", "绑着银行卡呢怕被转走"],
        "找手机在哪": ["能定位手机吗", "查查我手机在什么位置", "手机能不能找回"],
        "人在外地或没法验证": ["我在外地手机丢了", "打电话能挂失吗", "手机丢了收不到验证码咋挂失"],
        "替家人挂失": ["我妈手机丢了", "帮我老伴挂失", "孩子的手机被偷了"],
        "停了还收不收费": ["挂失了还扣月租吗", "停了还要收费不", "挂失多少钱"],
    },
    "errand_password": {
        "输错锁住": ["密码被锁了", "输错太多次了", "错了三次不让输了"],
        "怕别人知道": ["密码好像泄露了", "前夫知道我的密码", "怀疑有人拿我密码办业务"],
        "初始密码, 没设过": ["初始密码是多少", "我从没设过密码", "默认密码是啥"],
        "记得旧的想改": ["想改服务密码", "密码太简单换一个", "我知道旧密码要改新的"],
        "查原来的密码": ["我的密码是多少", "帮我查一下密码", "密码怎么查"],
        "服务密码是什么": ["服务密码是什么", "服务密码干啥用的", "密码是几位数"],
        "不去营业厅, 替家人": ["不想去营业厅能重置吗", "网上能重置密码不", "没带身份证怎么重置", "在外地怎么重置"],
    },
    "errand_real_name": {
        "机主去世": ["我爸去世了号想留给我妈", "老伴过世了怎么过户", "机主不在要死亡证明吗"],
        "单位的号": ["公司的号转给我个人", "离职了想把号带走", "个人转单位要公章吗"],
        "本人去不了": ["机主来不了怎么办", "异地能过户吗", "我妈走不动能代办吗"],
        "要补实名的短信": ["收到短信让我补实名", "二次实名是真的吗", "短信说要核实实名信息"],
        "人脸认证不过": ["人脸老是过不去", "刷脸失败", "认证不通过"],
        "未成年人": ["给孩子办实名", "十二岁能实名吗", "未成年能用自己的名字不"],
        "过户": ["怎么过户", "号码转给我老婆", "想把号转到我名下"],
        "名下有几张卡": ["我名下几张卡", "查查我身份证下面有几个号", "有人冒用我办卡"],
        "证件或名字变了": ["身份证过期了要换吗", "我改名了资料怎么改", "换了新身份证要登记吗"],
    },
    "errand_port_number": {
        "授权码": ["授权码几天过期", "转网的码失效了", "把授权码发我"],
        "转走以后再转回来": ["转了还能转回来吗", "以后再回来行不", "转走还能回不"],
        "转进星桥": ["想转进来", "从电信转过来怎么弄", "我想带号来星桥"],
        "靓号、合约和违约金": ["靓号能留着不", "合约没到期能转吗", "转网要赔违约金吗"],
        "转不了, 查资格": ["为什么不让转", "转网失败了", "查一下资格", "说我不符合条件"],
        "余额、积分、副卡和宽带": ["转了余额退吗", "积分怎么办", "副卡能一起转吗", "我家宽带怎么办"],
        "多久生效": ["转网几天能好", "多久生效", "转的时候会断网吗"],
        "微信、银行卡受不受影响": ["微信会受影响吗", "银行卡绑定还能用不", "转了支付宝要改吗"],
        "要不要钱": ["转网收费吗", "要交钱不", "办转网多少钱"],
    },
    "errand_cancel_number": {
        "机主去世": ["我爸过世了要销号", "老人去世了号怎么销", "要死亡证明吗"],
        "能不能找回": ["销了还能找回吗", "注销后反悔怎么办", "销了号会给别人用吗"],
        "异地": ["人在外地怎么销", "异地能销吗", "号是老家的回不去"],
        "代办": ["能代办销户吗", "替我妈销号", "必须本人去吗"],
        "余额怎么退": ["销户余额退不退", "剩的话费怎么取", "里面的钱退给我吗"],
        "放着不管": ["放着不管会怎样", "不交费会自动销吗", "影响征信不"],
        "欠费、合约和宽带": ["欠费能销吗", "合约没到期怎么销", "绑着宽带能不能销"],
        "网上能不能办": ["网上能销户吗", "app里怎么注销", "一定要去营业厅吗"],
        "先解绑": ["要先解绑微信吗", "绑着支付宝怎么办", "银行卡要先换绑不"],
    },
    "errand_shop": {
        "人工客服几点": ["人工客服几点上班", "半夜有人工吗", "客服是24小时吗"],
        "周末和节假日": ["周末开门吗", "国庆上班不", "礼拜天营业吗"],
        "几点开门": ["几点关门", "中午休息吗", "营业时间是啥"],
        "要带什么": ["去营业厅要带什么", "代办点能办补卡吗", "你们那儿能办啥"],
        "预约和排队": ["要预约吗", "排队的人多吗", "能网上取号不"],
        "境外和座机怎么打": ["在国外怎么打客服", "座机能打10036吗", "要加区号吗"],
    },
    "sub_card": {
        "亲情号和互打免费": ["亲情号怎么开", "家里人互打免费吗", "家庭网能办不"],
        "主卡停机或换套餐": ["主卡停机了副卡能用吗", "主卡换套餐副卡怎么办", "主卡欠费影响副卡吗"],
        "限制和查看副卡用量": ["能限制孩子的流量吗", "能看到副卡用了多少吗", "副卡的流量能控制不"],
        "已有的号改成副卡": ["已有的号能变副卡吗", "我老婆的号挂成副卡行吗", "联通的号能加吗"],
    },
    "promotions": {
        "积分": ["积分能换啥", "我有多少积分", "积分清零没"],
        "短信说有礼": ["短信说我中奖了", "收到个短信让点链接", "送流量是真的吗"],
        "充值优惠": ["充一百送多少", "充值有返现吗", "有没有满减"],
        "合约机和买手机": ["合约机有优惠吗", "买手机便宜不", "以旧换新还有没"],
        "老用户": ["老用户有啥好处", "用了十来年有优惠吗", "只给新用户优惠吗"],
    },
    "suspension": {
        "挂失找回来了": ["怎么解除挂失", "手机找到了恢复一下", "挂失取消"],
        "涉诈和风控": ["说我涉诈停了", "号被封了怎么解", "被风控了"],
        "停机保号恢复": ["之前办了保号想恢复", "回国了开机", "报停的号怎么开"],
        "充了还没开": ["交了钱还停着", "充了一百还没开", "缴费完多久恢复没动静"],
    },
}

NEAR_MISSES: list[tuple[str, str, str | None]] = [
    ("errand_recharge", "怎么充话费", None),
    ("errand_recharge", "帮我充50", None),
    ("errand_recharge", "充值卡密码输错三次了", "充值卡"),
    ("errand_recharge", "微信能充吗", None),
    ("errand_invoice", "怎么开发票", None),
    ("errand_invoice", "发票丢了怎么办", None),
    ("errand_invoice", "会计催着要发票", None),
    ("roaming", "去日本怎么上网", None),
    ("roaming", "老挝有没有信号", None),
    ("roaming", "去香港流量多少钱", None),
    ("roaming", "收到短信说我在漫游", None),
    ("roaming", "去澳门一天怎么算", None),
    ("roaming", "在国外打回国内怎么拨", "在境外接打电话"),
    ("roaming", "新疆的边境老连到外国网", "不想用流量怎么不扣钱"),
    ("errand_broadband", "宽带", None),
    ("errand_broadband", "你们有宽带业务吗", None),
    ("errand_broadband", "宽带提速了还是好慢", "慢、卡和信号弱"),
    ("errand_broadband", "千兆宽带测速才九十兆", "慢、卡和信号弱"),
    ("errand_broadband", "再这样我找电视台", None),
    ("errand_broadband", "宽带慢想提个速", "提速和价格"),
    ("errand_broadband", "快点行不行, 宽带师傅人呢", "师傅几时来"),
    ("errand_broadband", "搬家了电视也要移过去", "移机"),
    ("errand_broadband", "移机收费多少钱", "移机"),
    ("errand_replace_sim", "手机卡坏了要换卡", None),
    ("errand_replace_sim", "补卡要带什么", None),
    ("errand_report_lost_phone", "手机丢了", None),
    ("errand_report_lost_phone", "手机没找到先停机", None),
    ("errand_report_lost_phone", "找不回来了帮我停掉", None),
    ("errand_report_lost_phone", "借别人微信问的怎么挂失", None),
    ("errand_report_lost_phone", "哎呀妈呀手机丢了", None),
    ("errand_report_lost_phone", "出国半个月手机被偷了", None),
    ("errand_password", "忘了服务密码", None),
    ("errand_password", "忘记原密码还能改新密码吗", None),
    ("errand_password", "不是锁屏密码", None),
    ("errand_real_name", "怎么实名", None),
    ("errand_real_name", "护照能实名吗", None),
    ("errand_real_name", "查名下号码", "名下有几张卡"),
    ("errand_real_name", "号在他名下想转到我名下", "过户"),
    ("errand_real_name", "孩子他爸名下几张卡", "未成年人"),
    ("errand_port_number", "我要携号转网", None),
    ("errand_port_number", "能不能携号转网", None),
    ("errand_port_number", "我要带号码走", None),
    ("errand_port_number", "转到联通要什么手续", None),
    ("errand_port_number", "刚过户没几天能转吗", None),
    ("errand_cancel_number", "我要销户", None),
    ("errand_cancel_number", "替我把号销了", None),
    ("errand_cancel_number", "副卡不想要了", None),
    ("errand_shop", "附近营业厅在哪", None),
    ("errand_shop", "客服电话多少", None),
    ("errand_shop", "投诉找哪个环节", None),
    ("sub_card", "副卡多少钱", None),
    ("sub_card", "主卡能加几张副卡", None),
    ("promotions", "最近有什么活动", None),
    ("promotions", "送视频会员吗", None),
    ("suspension", "为什么停机", None),
    ("suspension", "我想知道怎么复机", None),
    ("suspension", "流量封顶停网了", None),
]


def hits() -> Iterator[tuple[str, str, str]]:
    for name, cases in SAID.items():
        for title, phrasings in cases.items():
            yield from ((name, title, said) for said in phrasings)


@pytest.fixture(scope="module")
def texts(content_folder: Path) -> Texts:
    return load_texts(content_folder / "texts")


def titled(texts: Texts, name: str, said: str) -> str | None:
    case = texts.case(name, normalise(said).text)
    return texts.cases(name)[case] if case else None


@pytest.mark.parametrize(("name", "title", "said"), list(hits()))
def test_the_case_that_is_meant(texts: Texts, name: str, title: str, said: str) -> None:
    assert titled(texts, name, said) == title


@pytest.mark.parametrize(("name", "said", "title"), NEAR_MISSES)
def test_what_only_looks_like_it(texts: Texts, name: str, said: str, title: str | None) -> None:
    assert titled(texts, name, said) == title


def test_every_case_has_phrasings_here(texts: Texts) -> None:
    written = {name: list(texts.cases(name).values()) for name in texts.names if texts.cases(name)}
    assert written == {name: list(cases) for name, cases in SAID.items()}
    assert all(len(phrasings) >= 3 for cases in SAID.values() for phrasings in cases.values())


@pytest.mark.parametrize("said", ["宽带提速", "寬帶提速", "宽带　ＷＩＦＩ密码"])
def test_however_it_is_written(texts: Texts, said: str) -> None:
    assert titled(texts, "errand_broadband", said) is not None


def test_answers_are_short_plain_and_lead_on(texts: Texts) -> None:
    for name in SAID:
        for case in texts.cases(name):
            said = texts.template(case)
            assert len(said) <= LONGEST, case
            assert not re.search(r"[!！，；]|亲[,， ]|\s$", said), case
            assert said.endswith("。") and texts.buttons(case), case


def test_what_they_say_of_prices_is_in_the_catalogue(texts: Texts) -> None:
    """No price that no rule backs; the only one named is that of the plan that keeps a number."""
    said = [texts.template(case) for name in SAID for case in texts.cases(name)]
    prices = {price for text in said for price in re.findall(r"\d+(?:\.\d+)? 元", text)}
    (keeper,) = [plan for plan in load_catalogue().plans if plan.name == "无忧卡5"]
    assert prices == {f"{keeper.monthly_fee.plain} 元"}


def test_packs_that_buttons_name_are_in_the_catalogue(texts: Texts) -> None:
    payloads = [button["payload"] for name in SAID for case in texts.cases(name) for button in texts.buttons(case)]
    named = {found for payload in payloads for found in re.findall(r'"add_on": "([^"{]+)"', payload)}
    assert named <= {pack.name for pack in load_catalogue().add_ons} and named
