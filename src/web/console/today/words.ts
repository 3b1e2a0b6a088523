import { words } from "../language.ts";

export const todayWords = words({
  en: { title: "Today", quiet: "Nothing is due today." },
  "zh-CN": { title: "今天", quiet: "今天没有要发送的邮件。" },
});
