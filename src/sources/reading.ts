import type { z } from "zod";
import type { Reading } from "./adapter.ts";

/** Turns what a schema found wrong into a reading for quarantine: the first problem, as a JSON pointer and the rest of a sentence. */
export function unreadable(error: z.ZodError): Reading {
  const issue = error.issues[0];
  if (issue === undefined) return { kind: "unreadable", pointer: "", reason: "is not understood" };
  return { kind: "unreadable", pointer: pointerTo(issue.path), reason: reasonOf(issue) };
}

/** Writes a path as a JSON pointer (RFC 6901). */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "is missing" : `is not ${withArticle(issue.expected)}`;
    case "invalid_value":
      return `is not one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
    case "too_big":
    case "invalid_format":
    case "custom":
      // The sentences of `fields.ts`; the library's own begin with a capital letter.
      return /^is /.test(issue.message) ? issue.message : `is out of bounds: ${issue.message}`;
    default:
      return "is not understood";
  }
}

function withArticle(type: string): string {
  if (type === "int") return "a whole number";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
