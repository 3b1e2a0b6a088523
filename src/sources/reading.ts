import type { z } from "zod";
import type { Reading, SourceRequest } from "./adapter.ts";

/** Turns what a schema found wrong into a reading for quarantine: the first problem, as a JSON pointer and the rest of a sentence. */
export function unreadable(error: z.ZodError): Reading {
  const issue = error.issues[0];
  if (issue === undefined) return { kind: "unreadable", pointer: "", reason: "is not understood" };
  return { kind: "unreadable", pointer: pointerTo(issue.path), reason: reasonOf(issue) };
}

/** Makes a reading of what a platform asks for, with what a person is to do about it. */
export function asks(request: SourceRequest): Reading {
  return { kind: "unreadable", pointer: "", reason: wishes[request.type], request };
}

const wishes: Readonly<Record<SourceRequest["type"], string>> = {
  "erase-buyer": "asks to erase a buyer's data, which is still to be done (POST /api/v1/buyers/erase)",
  "export-buyer": "asks for a buyer's data, which the shop is still to be given (POST /api/v1/buyers/export)",
  "erase-shop": "asks to erase the data of all buyers of this shop, which is still to be done",
  uninstalled: "says that the app was uninstalled; until its webhooks come again this shop should send nothing (sending: false)",
};

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
