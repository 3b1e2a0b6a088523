const latin = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Helvetica, Arial";

/** What the readers' machines have for scripts that the fonts before lack. Han characters look different in Chinese and in Japanese. */
const byLanguage: Readonly<Record<string, string>> = {
  zh: `${latin}, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif`,
  ja: `${latin}, 'Hiragino Sans', 'Hiragino Kaku Gothic ProN', 'Yu Gothic', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif`,
  // Roboto and Helvetica have no Arabic, and Arial's is small beside Latin: those that do come first
  ar: "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Geeza Pro', 'Noto Sans Arabic', Tahoma, Arial, sans-serif",
};

/** The fonts of a mail in `locale` (BCP 47), as CSS. Only fonts that are there already: a mail loads nothing. */
export function fontsOf(locale: string): string {
  return byLanguage[locale.split("-")[0] ?? ""] ?? `${latin}, 'Noto Sans', sans-serif`;
}
