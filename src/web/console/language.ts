import type { WebContext } from "../caller.ts";

/** The languages of the console. */
export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];
export const languageNames: Readonly<Record<Language, string>> = { en: "English", "zh-CN": "简体中文" };

/** The words of one page in every language; a word that one of them lacks does not compile. */
export type Words<W> = Readonly<Record<Language, W>>;

/** Sets words side by side: those in English say what there must be. */
export function words<W>(all: { readonly en: W } & Readonly<Record<Exclude<Language, "en">, NoInfer<W>>>): Words<W> {
  return all;
}

/** A user's choice, else the first language the browser asks for that there is, else English. */
export function languageOf(c: WebContext, chosen: string | null): Language {
  const wished = chosen === null ? (c.req.header("accept-language") ?? "").slice(0, 500).split(",") : [chosen];
  const tags = wished.map((part) => part.split(";")[0]?.trim().toLowerCase() ?? "");
  const first = tags.find((tag) => tag.startsWith("zh") || tag.startsWith("en"));
  return first?.startsWith("zh") === true ? "zh-CN" : "en";
}
