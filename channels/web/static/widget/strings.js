/* Every sentence of the widget itself. What the assistant says comes from the server. */

export const strings = {
  heading: "星桥助手",
  hotline: "10036",

  launcher: "打开在线客服",
  launcherUnread: (count) => `打开在线客服, ${count} 条未读`,
  close: "关闭对话",
  dismiss: "不再显示这句话",
  unreadArrived: (count) => `客服有 ${count} 条新消息`,

  states: {
    bot: "智能助手",
    waiting: "等待人工",
    human: "人工服务中",
    closed: "本次服务已结束",
  },
  served: (agent) => `${agent}为您服务`,
  toHuman: "转人工",
  toHumanLabel: "转人工服务",
  waiting: ({ ahead, minutes } = {}) => {
    const place = ahead > 0 ? `, 前面还有 ${ahead} 位` : "";
    const wait = minutes > 0 ? `, 大约 ${minutes} 分钟` : "";
    return `正在等待人工${place}${wait}`;
  },
  backToBot: "继续用机器人",

  authors: { customer: "我", bot: "助手", agent: "人工客服", system: "提示" },
  agentName: (name) => `人工客服 ${name}`,
  typing: "正在输入",
  agentTyping: "人工客服正在输入",

  log: "对话记录",
  older: "看更早的消息",
  olderLoading: "正在读取…",
  olderFailed: "没读到, 再试一次",
  loading: "正在打开对话…",
  empty: "您好, 请问想办什么?",
  newest: "到最新消息",
  newestUnseen: "有新消息",

  input: "输入消息",
  placeholder: "说说您想办什么",
  send: "发送",
  left: (count) => `还可输入 ${count} 字`,
  tooLong: (count) => `超出 ${count} 字, 请分开发送`,

  attach: "发图片或文件",
  dropHere: "松开就发送",
  screenshot: "截图.png",
  fileType: (name) => `“${name}” 不能发。只能发图片、PDF、录音或短视频。`,
  fileTooLarge: (name) => `“${name}” 太大了, 请控制在 8 MB 以内。`,
  fileEmpty: (name) => `“${name}” 是空的。`,
  fileSize: (bytes) =>
    bytes < 1024
      ? `${bytes} B`
      : bytes < 1048576
        ? `${Math.round(bytes / 1024)} KB`
        : `${(bytes / 1048576).toFixed(1)} MB`,
  picture: (name) => `图片 ${name}`,
  pictureFailed: "图片没读到, 点按再试",
  closePicture: "关闭图片",
  download: (name) => `下载 ${name}`,
  downloadFile: "下载 ",
  fileFailed: "没读到, 点按再试",
  fileText: (name) => `[文件 ${name}]`,
  progress: "发送进度",
  stop: "取消",

  sending: "发送中",
  queued: "连上后自动发送",
  delivered: "已送达",
  read: "已读",
  readBy: "人工客服",
  lost: "没发出去, 页面重新打开后文件不在了, 请重新选",
  failed: "未发送, 点此重试",
  failedBecause: (reason) => `未发送: ${reason}`,
  retry: "点此重试",
  discard: "删除",

  copy: "复制这条消息",
  copied: "已复制",
  notCopied: "没能复制, 请长按文字选取",

  links: {
    connecting: "正在连接…",
    reconnecting: "正在重新连接…",
    offline: "网络已断开, 恢复后自动连上",
    refused: (hotline) => `暂时连不上客服, 可稍后再试或拨打 ${hotline}`,
  },
  tryAgain: "再试一次",

  step: (number, of) => `第 ${number} 步 / 共 ${of} 步`,
  path: "手机里的位置",
  caution: "注意",
  trends: { up: "增加", down: "减少" },
  goodness: { true: "对您更好", false: "对您更不利" },

  menu: "更多",
  size: "清晰大字",
  sizes: ["A", "A+", "A++"],
  sizeLabels: ["标准字号", "大字", "特大字"],
  help: "使用说明",
  export: "导出对话",
  exporting: "正在读取全部对话…",
  exported: "对话已保存到下载文件夹",
  exportFailed: "没能读取全部对话, 请稍后再试",
  signOut: "退出身份",
  startOver: "清空对话",
  startOverQuestion: "清空后, 这台设备上看不到以前的对话, 身份也要重新核对。要清空吗?",
  startOverYes: "清空",
  cancel: "取消",
  back: "返回对话",

  exportTitle: (heading, when) => `${heading} 对话记录, 导出于 ${when}`,
  exportFile: (heading, stamp) => `${heading}-对话-${stamp}.txt`,

  helpSections: (hotline) => [
    [
      "能问什么",
      ["话费、流量、账单, 套餐比较和更换, 5G 设置, 办理和退订业务。", "用平常的话说就行, 例如: 流量够用到月底吗。"],
    ],
    [
      "查本人资料",
      ["要先用手机号和短信验证码核对身份, 一次核对后不再重问。", "在公用设备上用完, 请点 更多 › 清空对话。"],
    ],
    ["找人工", ["点右上角 转人工。您已经说过的话会一起转过去, 不用再说一遍。", `也可以拨打 ${hotline}。`]],
    ["发图片", ["点 回形针, 或把截图粘贴、拖进来。可以发图片、PDF、录音和短视频, 每个不超过 8 MB。"]],
    ["看不清", ["点 更多 › 清晰大字, 有三档字号, 下次打开仍然有效。"]],
    ["网络断了", ["没发出去的话会留着, 连上后自动发送, 不会重复。"]],
    ["键盘", ["Enter 发送, Shift+Enter 换行, Esc 关闭。", "在对话记录里用 ↑ ↓ 逐条移动, 再按 Tab 可复制这一条。"]],
  ],
};
