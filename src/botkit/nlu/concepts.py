"""A thesaurus of what customers talk about: many ways to say one thing, among them dialects, English and abbreviations.

A few thousand training examples cannot hold every word for "cheap". What this list knows, the classifier need not have
seen: 平啲, 实惠, 相因 and cheap are all `cheap`. A form may stand for several concepts; the classifier learns what they
weigh. Forms are normalised (see `normalise`), separated by blanks; `_` stands for a blank inside one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ASKING = {
    "negation": "不 没 没有 冇 唔 未 无 莫 勿 弗 别 甭 冇得 冇得 没得 莫得 木有 么得 不是 唔系 not no don't dont meiyou mei bs",
    "refuse": "不要 唔要 不用 唔使 不需要 用不着 不必 不想 不办 免了 别给我 不了 不同意 拒绝 不稀罕 buyao 8要 ❌ 🙅",
    "whether_exists": "有没有 有冇 有无 有木有 有没 有吗 有不有 有么 有没得 有得冇",
    "whether_can": "能不能 可不可以 可唔可以 可否 能否 行不行 得不得 得唔得 中不中 能不 可以吗 能吗 行吗 可以不 能用吗 使得吗 "
    "成不成 行不 好不好使 can can_i",
    "what": "什么 啥 啥子 咩 乜 乜嘢 么子 神马 虾米 甚么 哪些 有哪些 咩嘢 哪几 哪几个 啥玩意 嘛 么事 what shenme",
    "why": "为什么 为啥 点解 为何 咋回事 怎么回事 为毛 凭什么 凭啥 干嘛 怎么会 咋会 点会 做咩 怎么搞的 什么情况 啥情况 "
    "咋搞的 什么原因 啥原因 为么子 咋就 怎么就 怎么老 为啥子 什么道理 缘由 why weishenme",
    "how": "怎么 咋 点样 怎样 如何 咋个 咋整 咋弄 咋办 怎么弄 怎么办 啷个 咋样 郎个 咋搞 点 方法 步骤 教程 流程 手续 咋恁 "
    "哪能 how how_to how_do_i zenme 怎么整 怎么搞 咋着 咋子",
    "how_much": "多少 几多 几钱 几个 多少钱 几多钱 好多钱 几块 几何 多钱 好多 几毛 几分 多大 几兆 几g how_much how_many duoshao",
    "when": "什么时候 几时 啥时候 何时 多久 几耐 多长时间 哪天 几号 几点 多会儿 啥时 哪年 哪一年 几月 啥时间 哪一天 when how_long",
    "where": "哪里 哪儿 在哪 边度 哪块 何处 在哪里 哪边 哪个地方 啥地方 什么地方 藏哪 哪旮沓 边处 跑哪 去哪 哪去了 哪搭 位置 "
    "哪哈 where",
    "who": "谁 边个 哪个人 哪位 who",
    "which": "哪个 哪种 哪款 哪一个 边款 选哪 哪一款 which",
    "meaning": "什么意思 啥意思 啥叫 什么叫 是什么 是啥 解释 含义 咩意思 乜意思 概念 何为 什么是 啥是 怎么讲 怎么理解 指的是 "
    "名词 说的是啥 咩叫 代表什么 是个啥 是什么东西 科普 定义 干嘛的 做什么用 什么用 有什么用 有啥用 系咩 什么鬼 mean means",
    "difference": "区别 差别 不同 不一样 差在 差多少 分别 差异 之分 一样吗 一回事 唔同 有啥两样 相差 difference",
    "compare": "比较 对比 比比 哪个好 哪个划算 合算 划算 划得来 抵唔抵 值不值 哪个值 选哪个 还是 图啥 值得吗 比一比 谁好 孰 "
    "差多少 谁划算 哪个便宜 相比 比起来 vs pk compare or better",
    "money": "钱 块 元 银 米 毛 费 money 蚊 镭 银纸",
    "please": "请 帮我 麻烦 帮忙 替我 给我 劳烦 求 能帮 please pls help_me",
    "urgent": "马上 立刻 快 赶紧 急 立马 赶快 现在就 尽快 火速 asap",
    "this_time": "这个月 本月 当月 这月 今天 今日 最近 这几天 今年 this_month",
    "last_time": "上个月 上月 昨天 前天 上周 去年 上次 前几天 琴日 寻日 昨儿 last_month",
    "next_time": "下个月 下月 月底 月初 次月 下周 听日 明儿 next_month",
}

_OWN = {
    "mine": "我的 我现在 我这个 我嘅 我号 我这号 本机 我名下 现在用的 目前的 我家 我办的 我用的 在用 当前 自己的 我啥 我是什么 "
    "我这卡 俺的 俺这 my",
    "remain": "还剩 剩 剩余 剩下 余 余量 仲有 还有多少 结余 剩多少 还有几 余下 没用完 用不完 还能用 够用 够不够 够吗 撑到 见底 "
    "left remaining",
    "spent": "用了 用掉 花了 花掉 消耗 用去 使了 跑了 用咗 耗了 用超 超了 超出 打了 花费了 总共花 一共花 used",
    "balance": "余额 话费 花费 话废 电话费 账户 账上 户头 存款 可用额 欠费 欠 欠了 欠钱 透支 卡里 卡上 到账 到帐 进账 入账 "
    "打进来 额度 信用额度 hf ye balance huafei 划费 画费 化费 余鹅",
    "bill": "账单 帐单 明细 清单 详单 月结单 流水 消费记录 扣费记录 月账 费用明细 话单 花在 花哪 花到哪 总账 开销 支出 费用 "
    "账目 对账 zd bill zhangdan",
    "charge": "扣 扣了 扣费 扣款 收费 收了 扣钱 扣咗 划走 吞了 收我 扣我 刷走 吃掉 偷 计费 扣走 少了 划扣 多收 多扣 变少 没了 "
    "不见了 扣的 charged",
    "unfair": "乱扣 乱收费 无故 莫名 莫名其妙 平白 凭空 偷偷 不声不响 擅自 私自 无端 瞎扣 坑 黑 霸王 没同意 没办过 没开过 "
    "没用过 没订过 谁让 谁给我 不知情 没通知 不提醒 离谱 不合理 强制 被开 被办 啥也没 没出过 从来没 我没 没买过 忽然 突然 一下子 "
    "算错 不对 有问题 对不上",
    "refund": "退钱 退费 退款 退回 还我 返还 赔 赔偿 退我 退返 吐出来 refund",
    "usage": "流量 数据 上网流量 分钟数 通话时长 短信条数 g数 兆数 通用流量 条数 刘量 留量 流亮 时长 跑流量 热点 结转 ll data liuliang",
    "plan": "套餐 资费 月租 档位 档 套歺 主套餐 月费 档次 一档 价位 款 低消 月租费 套参 tc cx plan package taocan",
    "contract": "合约 协议 合同 违约金 解约 保底 违约 合约期 约定 在网期 承诺 到期 靓号 绑约 绑了 几年 两年 签了 赔多少 合约机 contract",
    "cheap": "便宜 平啲 平嘅 平d 实惠 省钱 省 低价 相因 经济 偏宜 降 减 最低 最少 少点 低一点 便宜点 最便宜 省点 小一点 浪费 "
    "降档 降低 往下 低点 降级 少一些 吃土 穷 手头紧 没钱 没收入 失业 勤俭 性价比 缩减 cheap cheaper",
    "expensive": "贵 太贵 好贵 死贵 贵死 烧钱 贵了 扣那么多 高 太高 费钱 交不起 用不起 吃不消 负担 小贵 肉疼 心疼 忒贵 expensive",
    "bigger": "大点 大一点 多点 多一点 更多 更大 升级 升档 升 大流量 不够用 不够 唔够 不经用 太少 太小 加大 提高 提升 往上 高一点 "
    "流量大 通话多 打不完 无限 不限量 超得厉害 够呛 不够打 不够刷 扛不住 加码 big bigger unlimited",
    "change": "换 改 转 变更 更换 切换 换成 改成 换做 转做 转去 改为 换到 调整 变成 转成 调成 换个 change switch",
    "handle": "办 办理 办个 开通 订 订购 帮我办 申请 开 签 定 订制 安排 选 要 来个 整个 给我办 来一个 搞个 帮我开 帮我换 帮我改 "
    "办下 办咗 报名 预约 apply sign_up",
    "add_on": "流量包 加油包 语音包 叠加包 加包 日包 夜间包 月包 彩铃 会员 视频包 定向包 亲情包 通话包 加餐 短信包 周包 闲时包 "
    "小时包 加点 加个 补点 救急 临时 应急 充点流量 买点 买个 加 加流量 买流量 jiayoubao",
    "buy": "买 购买 购 入手 下单 帮买 buy",
    "cancel": "退 退订 退掉 取消 关 关掉 关闭 停掉 退了 退定 去掉 删 删了 撤 撤了 不续 自动续 别续 取消掉 退咗 解除 停了 去除 "
    "砍掉 td unsubscribe cancel cut",
    "service": "业务 增值业务 来电显示 短信回执 手机报 来电提醒 视频会员 点播包 游戏包 权益 炫铃 服务费 信息费 增值 订阅 自动续费 "
    "来显 漏话提醒 俱乐部 尊享 呼叫转移 特权",
    "sub_card": "副卡 付卡 附卡 亲情号 家庭 共享 一家 家人 共用 子卡 亲情网 家庭网 主卡 附属卡 合家 分享流量 亲情 短号 集群网 "
    "副号 fk fuka",
    "promotion": "优惠 活动 积分 折扣 福利 满减 送 赠 羊毛 回馈 补贴 抽奖 红包 返现 兑换 礼品 老用户 新用户 打折 代金券 券 赠送 "
    "换礼 特惠 着数 会员日 中秋 国庆 春节 双十一 开学 周年庆 促销 大促 好康 yh deal deals discount promo promotion offer",
}

_NETWORK = {
    "five_g": "5g 五g sa nsa 独立组网 独立5g 单模 五代 5gsa",
    "switch_on": "打开 开启 启用 调出 开关 设置 弄出来 整出来 开咗 激活 设 调 显示 出来 叫出 设定 搞出 找到 开不了 咋开 入口 "
    "菜单 turn_on enable set kt",
    "supported": "支持 能用 兼容 适配 可以用 能不能用 用得了 有5g 带5g 是5g 5g手机 有没有5g 换手机 配置 旧手机 老手机 support",
    "volte": "volte vonr 高清通话 高清语音 hd hd图标 打电话断网 打电话掉 打电话就 一打电话 通话时 接电话 vowifi 掉到2g 掉4g 回落 "
    "高清 边打边 通话中 打电话时",
    "phone": "手机 电话机 机子 机型 型号 平板 手表 智能机 老人机 平果 sj phone",
    "pack_unused": "没用上 用不上 没动 一点没动 没扣 不从 扣通用 没走 没消耗 纹丝不动 白买 白办 白交 白花 已用0 用了0 没使 没用到 "
    "不走 不扣 没少 优先扣 先扣 没生效 躺着 动都没动 没跑",
    "signal": "信号 讯号 一格 满格 没信号 无服务 信号差 信号弱 基站 覆盖 格 圈外 盲区 xh signal no_service",
    "net_fault": "断 断网 断线 断断续续 慢 卡 卡顿 转圈 打不开 上不了网 连不上 没网 无网 网速 网络差 龟速 缓冲 加载 刷不动 不稳定 "
    "时有时无 掉线 延迟 网慢 上不去 网页 打不出 打不通 接不到 杂音 听不清 没声音 单通 回音 拨不出 呼不出 打不了 上不到网 故障 瘫痪 "
    "崩了 刷不出 失败 无法 断流 掉网 网不行 没有网 没网络 无网络 坏了 不能上网 忙音 slow",
    "place": "家里 屋里 地下室 电梯 地库 车库 宿舍 农村 山里 山上 乡下 村里 小区 办公室 厕所 地铁 火车 高速 隧道 工地 大棚 厂里 矿 "
    "学校 教室 楼上 楼下 阳台 店里 海上 船上 病房 郊区 老家 村 屋企",
    "call": "打电话 通话 电话 打给 来电 拨打 接听 呼叫 听筒 对方 语音 call",
    "text_message": "短信 信息 彩信 讯息 sms",
    "abroad": "出国 国外 境外 国际 漫游 港澳台 出境 海外 外国 过关 口岸 登机 落地 国际漫游 出差 旅游 留学 国际长途 飞机 回国 签证 "
    "慢游 国漫 roaming overseas abroad roam manyou",
    "country": "日本 韩国 泰国 美国 英国 法国 德国 香港 澳门 台湾 新加坡 马来西亚 越南 俄罗斯 加拿大 澳大利亚 澳洲 新西兰 欧洲 意大利 "
    "西班牙 印度 缅甸 老挝 柬埔寨 菲律宾 印尼 巴厘岛 马尔代夫 迪拜 阿联酋 埃及 土耳其 巴西 墨西哥 南非 蒙古 哈萨克斯坦 朝鲜 首尔 "
    "东京 大阪 曼谷 纽约 伦敦 巴黎 非洲 东南亚 瑞士 荷兰 希腊 尼泊尔 斯里兰卡 泰 港澳 台北 沙特 伊朗 以色列 肯尼亚 尼日利亚 欧盟 "
    "新马泰 普吉 吉隆坡 胡志明 河内 莫斯科 洛杉矶 悉尼 冲绳 us usa uk japan",
    "province": "外省 出省 省外 跨省 异地 外地 新疆 西藏 三亚 海南 云南 广东 四川 北京 上海 贵州 东北 省内",
    "broadband": "宽带 光纤 光猫 路由器 wifi 电视 机顶盒 移机 猫 网线 装网 家里网 无线 装维 师傅 百兆 千兆 拉网 有线 装机 固话 座机 "
    "iptv 网口 拉线 红灯 los灯 安网 kd broadband kuandai router",
    "sim": "sim sim卡 卡 补卡 换卡 esim 电话卡 剪卡 大小卡 nano puk pin码 卡坏 卡槽 不识别 无卡 芯片 读不到卡 旧卡 新卡 卡插 卡托 "
    "消磁 白卡 实体卡 小卡 大卡 电子卡 补办",
}

_ERRANDS = {
    "recharge": "充值 充 交费 缴费 充钱 交钱 充话费 冲值 储值 冲话费 充错 冲 自动充值 充值卡 冲钱 续费 交 代充 转账 交话费 代扣 "
    "增值券 存 打钱 缴 入数 增值 cz topup top_up recharge chongzhi",
    "invoice": "发票 收据 抬头 开票 电子票 税号 报账 报销 凭证 票据 专票 普票 开具 发漂 票 红冲 fp invoice receipt",
    "password": "密码 服务密码 密吗 忘了密码 口令 重置密码 改密码 初始密码 客服密码 mm pwd password mima",
    "identity": "实名 过户 身份证 证件 名下 机主 实名制 改名 登记 户主 认证 资料 名字 二次认证 人脸 身份信息 户名 改成我的 转给 过到 "
    "一证通 本人 未成年 监护人 代办",
    "port": "携号转网 转网 携号 转到移动 转到联通 转到电信 转出 转入 授权码 携转 带号 不换号 号不变 转到别家 别的公司 转进来 携入 携出 "
    "换运营商 换公司 xhzw port",
    "other_operator": "移动 联通 电信 广电 别家 隔壁 其他运营商 人家 其他公司 别的运营商 对家",
    "close_account": "销号 注销 销户 销掉 退网 退卡 消号 不用了 号不要 卡不要 拆机 彻底 销卡 消掉 不用这个号 作废 消户 弃号 不想用 "
    "close_my_account close_account deactivate",
    "lost": "丢了 丢失 丢 被偷 不见了 掉了 挂失 唔见 偷了 遗失 落在 弄丢 捡 抢 找不着 落 刮失 被盗 搞丢 偷走 没影了 掉水里 小偷 扒手 "
    "忘在 lost stolen",
    "suspended": "停机 停号 停了 停 复机 恢复 开机 解封 封号 单停 双停 关停 风控 报停 停用 冻结 欠停 被停 解停 解冻 停机保号 保号 涉嫌 "
    "异常 限制 半停机 封 被封 涉诈 强停 tingji suspended",
    "shop": "营业厅 门店 网点 门市 柜台 大厅 营业时间 上班 下班 关门 几点开门 地址 附近 最近的 实体店 营业点 营业 服务厅 周末 周日 "
    "节假日 热线 电话是多少 客服电话 开到几点 铺头 营业部 厅 代理点 营业庭 yyt store",
    "progress": "进度 处理 结果 答复 回复 回访 工单 单子 单号 到哪 怎么样了 有消息 消息没 受理 审核 办好 办成 生效 多久能好 报修 催 "
    "下文 反馈 回电 给我回 还没人联系 之前 三天了 几天了 报的 提交 处理得 没动静 办妥 申请的 什么进度 查工单 装机单 弄好没 status",
    "complaint": "投诉 举报 工信部 12315 12300 12345 曝光 媒体 告 法院 消协 说法 维权 建议 意见 领导 经理 管局 起诉 律师 反映 骚扰 诈骗 "
    "冒充 骗子 态度 骂人 ts complain complaint tousu",
    "rating": "好评 差评 评价 打分 满意 不满意 五星 一星 星 分 颗星 评分 给个 非常满意 很满意 一般 打个 满分 零分 十分 打几分 ⭐",
    "human": "人工 真人 活人 客服 坐席 专员 转接 人公 客服人员 接线员 主管 经理 管事的 负责人 来人 找人 叫人 让人来 换人 不跟机器 喊人 "
    "人来 客服小姐 转人工 跟人说 话务员 人功 值班经理 同事 rg zrg kf agent human representative rengong real_person",
    "code": "验证码 校验码 短信码 验正码 动态码 验证妈 动态密码 随机码 yzm code otp",
    "resend": "重发 再发 没收到 没来 收不到 过期 再发一个 没到 重新发 半天没 还没到 失效 未收到 收唔到 发一次 再来一个 超时 没短信 "
    "等半天 resend",
    "login": "登录 登陆 绑定 核身 验证身份 身份验证 登入 先验证 核实 登上 登进 login sign_in log_in",
    "logout": "退出登录 换个号 另一个号 另外一个 别的号 换号 我妈的号 查另一个 登出 换人查 退出账号 另外的 解绑 切到 换我 别人的号 "
    "另一张 另一部 帮我妈 切过去 换账号 那个号 tcdl logout log_out",
}

_TALK = {
    "robot": "机器人 机器 智能 ai 大模型 人工智能 真人吗 小星 名字 你叫 你几岁 你是谁 你多大 你是不是 程序 你背后 哪家的 你会不会 "
    "你喜欢 你有没有 你爱 chatgpt",
    "greeting": "你好 您好 嗨 哈喽 在吗 在不 在么 喂 有人吗 早上好 晚上好 下午好 上午好 早 早安 晚安 早晨 在不在 雷猴 在嘛 哈啰 嘿 亲 "
    "吱一声 大家好 中午好 hi hello hey nihao nh",
    "farewell": "再见 拜拜 88 886 回见 下次聊 下次再聊 回头 先这样 没事了 就这样 挂了 下线 走了 先走 溜了 没别的事 不聊了 回聊 结束 拜 "
    "没问题了 收工 完事 就问这些 再倾 后会有期 bye byebye zaijian see_you",
    "thanks": "谢谢 谢了 多谢 感谢 唔该 辛苦 有劳 谢啦 感恩 好人 帮大忙 厉害 真棒 给力 好用 贴心 赞 牛 不错 专业 聪明 点赞 太棒 "
    "麻烦你了 劳驾 有心 爱了 么么哒 比心 靠谱 祝你 省心 解决了 666 6666 3q thx thanks thank nice good great xiexie 👍 🙏 ❤ 🌹 😘",
    "yes": "是 是的 对 对的 好的 可以 行 嗯 好 没错 同意 确认 确定 要 要的 系 啱 中 得 成 就这个 没问题 好嘞 好啊 行吧 可以的 "
    "听你的 就这么办 对头 是我 对呀 好呀 妥 办吧 就是 当然 愿意 嗯呢 恩 是滴 ok okay yes yep 👌 ✅",
    "done": "好了 弄好了 完了 完成 搞定 开了 设好了 点了 下一步 继续 然后呢 接下来 下一个 弄完 可以了 打开了 搞掂 弄好 搞好 开完 做完 "
    "进去了 看到了 找到了 已经 选好 ok了 点完 弄妥 弄得了 接着 重启了 到了 进来了 再往下 往下 整好了 xyb done next",
    "back": "上一步 返回 回去 再说一遍 重来 刚才 没看清 没听清 再讲一遍 重复 退回 倒回 再念 上一条 上一个 从头 倒退 回到 再来一遍 回上 "
    "上一 没记住 再发一遍 慢点 重新说 后退 前一步 倒回去 syb back repeat",
    "not_found": "找不到 没找到 揾唔到 没这个 没有这个 没看到 没看见 没有选项 找不着 点不动 没反应 没有啊 灰色 点不了 没这 不显示 "
    "没出来 没那个 没有你 跟你说的 看不到 不存在 没有那 灰的 弹出 按不动 不支持 没见 没有“ 不出来 卡住 冇呢个",
    "more": "还有 其他 其它 更多 详细 展开 别的 全部 具体 剩下的 其余 多说 详情 继续说 讲讲 接着讲 还有吗 还有呢 另外 除此之外 仔细 "
    "后面 完整 第二 第三 所有 more",
    "abort": "算了 不弄了 退出 先不 不换了 不办了 拉倒 作罢 打住 放弃 不搞了 唔搞 算啦 别弄 到此为止 改天 下次再 再说吧 先放 罢了 "
    "考虑考虑 不聊这个 再想想 不查了 暂时不 结束吧 停停停 不说这个 suanle qx stop",
    "abilities": "你能 你会 功能 帮助 怎么用 会什么 做什么 能干 能做 能帮 都能 服务范围 怎么问 干啥 用途 支持哪些 指令 可以问 都能问 "
    "发什么 使用说明 能查 本事 会干啥 help menu",
    "insult": "垃圾 智障 傻 蠢 笨 滚 妈的 操 靠 破玩意 气死 废物 脑残 有病 听不懂 答非所问 人话 白痴 尼玛 他妈 什么玩意 破 烂 坑爹 无语 "
    "服了 呵呵 扯 忽悠 敷衍 废话 神经病 逗我 猪 狗屁 恶心 滚蛋 浪费时间 生气 火大 烦 烦死 疯 崩溃 没用 骗 鸡同鸭讲 没谱 胡说 瞎扯 "
    "鬼扯 装傻 绕圈子 屁用 寒心 失望 丢人 吐血 抓狂 够了 受够 糊弄 辣鸡 sb tmd 😡 🤮 💩 👎",
    "small_talk": "笑话 唱歌 聊天 唠 陪我 无聊 天气 吃饭 吃了吗 睡 下雨 热 冷 心情 男朋友 女朋友 对象 失恋 猜 故事 喜欢 爱 生日 有趣 逗 "
    "可爱 累 困 开心 难过 孤独 喝酒 生肖 星座 做梦 嘿嘿 嘻嘻 唠嗑 解闷 你妈 结婚 工资 休息 哈 几岁 夸 帅 美 想你 自拍 😂",
    "family": "我妈 我爸 老人 孩子 老婆 老公 儿子 女儿 闺女 爷爷 奶奶 娃 阿妈 阿爸 阿嬷 老汉 弟 妹 哥 姐 爸妈 父母 家里人 小孩 老妈 老爸 "
    "婆婆 孙子 外婆 老表 亲戚 朋友 同学 老板 公司",
    "group": "老人 老年 学生 儿童 孩子 残疾 军人 农民 大学生 青年 老年人 长者 退伍 银龄 校园 年轻人 未成年",
    "list": "有哪些 有什么 都有 几种 多少种 一共有 所有 列 看看 介绍 一览 列表 都有啥 有啥 推荐 看一看 大全 list",
}

_ELSEWHERE = {
    "finance": "股票 基金 贷款 房贷 利率 银行 信用卡 理财 比特币 汇率 保险 社保 公积金 彩票 税 医保 炒股 工资 养老金 存款 转账 零钱 "
    "支付宝 信用分 借钱 花呗 网贷 银行卡 黄金 年终奖 退休",
    "travel": "机票 火车票 高铁 酒店 订票 门票 打车 滴滴 导航 攻略 航班 公交 景点 宾馆 民宿 车票 船票 路线 加油站 堵车 旅行 停车 驾照 "
    "违章 车 etc",
    "study": "作文 数学题 翻译 论文 英语 作业 题 考研 高考 中考 物理 化学 历史 单词 学习 古诗 日语 简历 ppt 代码 编程 excel 报告 周报 润色 "
    "文案 语文 背诵 考试 公务员 演讲 写 方程 对联 python 首都",
    "health": "感冒 发烧 医院 药 看病 医生 头疼 减肥 怀孕 血压 挂号 疫苗 咳嗽 体检 失眠 拉肚子 病 牙 症状 中药",
    "food": "外卖 奶茶 菜谱 火锅 做菜 红烧 美食 餐厅 好吃 点餐 吃什么 饭店 咖啡 披萨 肉 饺子 蛋糕 菜",
    "entertainment": "游戏 王者荣耀 原神 电影 电视剧 歌 比赛 足球 nba 明星 球 综艺 小说 动漫 抽卡 上分 演唱会 追剧 国足 比分",
    "other_service": "快递 淘宝 京东 拼多多 美团 天猫 退货 包裹 顺丰 衣服 买房 租房 二手车 物流 优惠券 水电费 电费 水费 燃气 物业 "
    "公交卡 饭卡 q币 qq 微信 抖音 苹果id 微博 电脑 打印机 冰箱 空调 洗衣机 遥控器 手机壳 贴膜 充电器 充电宝 手机屏 内存 供电",
    "daily_life": "几点了 今天几号 算命 黄历 菜价 种 狗 孩子不 律师 离婚 起名 彩礼 邮局 派出所 法律 户口 结婚证 天气预报 节气 "
    "日历 房子 装修 搬家 蟑螂 保姆 找工作 招聘 花 礼物",
}

CONCEPTS = {**_ASKING, **_OWN, **_NETWORK, **_ERRANDS, **_TALK, **_ELSEWHERE}
"""Concept → its forms."""


def _meanings() -> dict[str, tuple[str, ...]]:
    meanings: dict[str, list[str]] = {}
    for concept, forms in CONCEPTS.items():
        for form in dict.fromkeys(forms.split()):
            meanings.setdefault(form.replace("_", " "), []).append(concept)
    return {form: tuple(concepts) for form, concepts in meanings.items()}


def _by_first_character(forms: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Matches the longest form at a place, by the character there: one pattern of thousands of forms would try each at each
    place. Letters and digits match whole words only: "ye" is not in "yes"."""
    alternatives: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        before = r"(?<![a-z0-9])" if form[0].isascii() else ""
        after = r"(?![a-z0-9])" if form[-1].isascii() else ""
        alternatives.setdefault(form[0], []).append(before + re.escape(form) + after)
    return {first: re.compile("|".join(found)) for first, found in alternatives.items()}


_MEANINGS = _meanings()
_FORMS = _by_first_character(_MEANINGS)


def concepts_in(text: str) -> list[str]:
    """The concepts of normalised text in the order of their forms, the longest form first where several begin."""
    found: list[str] = []
    place = 0
    while place < len(text):
        forms = _FORMS.get(text[place])
        match = forms.match(text, place) if forms else None
        if match:
            found += _MEANINGS[match.group()]
        place = match.end() if match else place + 1
    return found
