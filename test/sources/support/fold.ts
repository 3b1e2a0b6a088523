import { beats, weightOf } from "../../../src/core/fact-rank.ts";
import { type Fact, hashOf, type Saying, slotOf } from "../../../src/core/facts.ts";
import { foldFacts } from "../../../src/core/fold.ts";
import type { Order } from "../../../src/core/order.ts";
import type { Reading } from "../../../src/sources/adapter.ts";

/** What is known of an order after these readings, in whatever order they came: each slot is held by the fact that beats all others. */
export function orderAfter(...readings: readonly Reading[]): Order {
  const held = new Map<string, { readonly fact: Fact; readonly at: string; readonly weight: number; readonly hash: string }>();
  for (const fact of readings.flatMap(factsOf)) {
    const ranked = { fact, at: fact.at, weight: weightOf(fact.says), hash: hashOf(fact.says) };
    const holder = held.get(slotOf(fact.says));
    if (holder === undefined || beats(ranked, holder)) held.set(slotOf(fact.says), ranked);
  }
  const externalId = [...held.values()][0]?.fact.order ?? "";
  return foldFacts(
    { id: "id", externalId },
    [...held.values()].map(({ fact }) => ({ says: fact.says, at: fact.at })),
  );
}

/** The facts of a reading that must have some. */
export function factsOf(reading: Reading): readonly Fact[] {
  if (reading.kind !== "facts") throw new Error(JSON.stringify(reading));
  return reading.facts;
}

/** What a reading says of one kind of thing. */
export function sayingsIn<Kind extends Saying["kind"]>(reading: Reading, kind: Kind): readonly Extract<Saying, { kind: Kind }>[] {
  return factsOf(reading).flatMap(({ says }) => (isKind(says, kind) ? [says] : []));
}

function isKind<Kind extends Saying["kind"]>(says: Saying, kind: Kind): says is Extract<Saying, { kind: Kind }> {
  return says.kind === kind;
}
