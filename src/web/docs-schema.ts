import type { OpenApi } from "./api/api.ts";

type Schemas = NonNullable<NonNullable<OpenApi["components"]>["schemas"]>;
type AnySchema = Schemas[string];
type Schema = Exclude<AnySchema, { $ref: string }>;

/** One field of a body or an answer, for reading. */
export interface Row {
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
  readonly note: string;
}

const deepest = 2;

/** The fields of an object, those of objects in it below them as `from.address`; empty when it has none. */
export function propertiesOf(schema: AnySchema | undefined, document: OpenApi, before = "", depth = 0): readonly Row[] {
  const whole = resolved(schema, document);
  if (whole === undefined) return [];
  const needed = new Set(whole.required ?? []);
  return Object.entries(whole.properties ?? {}).flatMap(([name, property]) => {
    const inner = resolved(property, document);
    const row = { name: `${before}${name}`, type: typeOf(property, document), needed: needed.has(name), note: inner?.description ?? "" };
    const list = inner?.items === undefined ? undefined : resolved(inner.items, document);
    const nested =
      list === undefined
        ? propertiesOf(inner, document, `${row.name}.`, depth + 1)
        : propertiesOf(list, document, `${row.name}[].`, depth + 1);
    return depth < deepest ? [row, ...nested] : [row];
  });
}

/** A type in few words: `string`, `"a" | "b"`, `list of Order`. */
export function typeOf(schema: AnySchema | undefined, document: OpenApi): string {
  if (schema === undefined) return "anything";
  if ("$ref" in schema && schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "";
  const plain = resolved(schema, document);
  if (plain === undefined) return "anything";
  if (plain.enum !== undefined) return plain.enum.map((one) => JSON.stringify(one)).join(" | ");
  const choices = plain.anyOf ?? plain.oneOf;
  if (choices !== undefined) return choices.map((choice) => typeOf(choice, document)).join(" | ");
  if (plain.items !== undefined) return `list of ${typeOf(plain.items, document)}`;
  const types = plain.type === undefined ? ["anything"] : [plain.type].flat();
  return types.map((type) => (type === "string" && plain.format !== undefined ? plain.format : type)).join(" | ");
}

function resolved(schema: AnySchema | undefined, document: OpenApi): Schema | undefined {
  if (schema === undefined || !("$ref" in schema) || schema.$ref === undefined) return schema as Schema | undefined; // No reference is left.
  const name = schema.$ref.split("/").at(-1) ?? "";
  return resolved(document.components?.schemas?.[name], document);
}
