import { parseDocument } from "yaml";

/**
 * Reads YAML 1.2 as plain data, or says where it can't be read.
 *
 * Aliases may not multiply a small text into a large value, and no tag makes anything but data.
 */
export function parseYaml(bytes: Buffer): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
  try {
    const document = parseDocument(new TextDecoder("utf-8", { fatal: true }).decode(bytes), { prettyErrors: true });
    const error = document.errors[0];
    if (error !== undefined) return { ok: false, reason: error.message.split("\n")[0] ?? "it can't be read" };
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : "it can't be read" };
  }
}
