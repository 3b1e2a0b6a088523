import type { Language } from "../language.ts";

/** What checks of fields say (`api/fields.ts`), in Chinese; what is not here stays English. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^is missing$/, "请填写"],
  [/^must not be empty$/, "不能为空"],
  [/^must not be longer than (\d+) characters$/, "不能超过 $1 个字符"],
  [/^must not be shorter than (\d+) characters$/, "不能少于 $1 个字符"],
  [/^must be one line of plain text$/, "必须是一行纯文本"],
  [/^must be plain text$/, "必须是纯文本"],
  [/^is not one e-mail address.*$/, "不是有效的邮箱地址"],
  [/^is not an IANA time zone.*$/, "不是有效的时区，例如 Asia/Shanghai"],
  [/^is not a BCP 47.*$/, "不是有效的语言代码，例如 zh-CN"],
  [/^is not an ISO 3166-1.*$/, "不是有效的国家代码，例如 CN"],
  [/^is not an https:\/\/ address$/, "不是 https:// 网址"],
  [/^is not a colour.*$/, "不是颜色值，例如 #1f6f5c"],
  [/^is not a date.*$/, "不是日期，例如 2026-10-01"],
  [/^is not a host name.*$/, "不是域名，例如 lantern.myshopify.com"],
  [/^is taken$/, "已被使用"],
  [/^is not the same as above$/, "与上面不一致"],
  [/^is not your password$/, "密码不正确"],
];

/** Beside a field: begins with a capital and ends with a full stop where the language does so. */
export function fieldErrorIn(language: Language, message: string): string {
  if (language === "zh-CN") {
    const known = chinese.find(([pattern]) => pattern.test(message));
    if (known !== undefined) return `${message.replace(known[0], known[1])}。`;
  }
  const first = message.charAt(0).toUpperCase();
  return `${first}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}
