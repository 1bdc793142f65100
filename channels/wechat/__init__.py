"""WeChat official account (服务号): webhook, passive replies, customer-service messages. See docs/wechat.md."""
