import type { Concept } from "./lexicon.ts";
import type { Mark } from "./marks.ts";

/** Gefällt's nicht: who is not happy is unhappy. */
export function turnDenied(marks: Map<Concept | "amount", Mark[]>): void {
  const noes = (marks.get("never") ?? []).filter((mark) =>
    /^(nicht|not|isnt|wasnt|arent|werent|didnt|dont|doesnt|kein\w*|不|没|没有)$/.test(mark.text),
  );
  if (noes.length === 0) return;
  const isDenied = (happy: Mark) =>
    noes.some((no) => (no.from >= happy.to ? no.text === "nicht" && no.from === happy.to : no.to <= happy.from && happy.from - no.to <= 1));
  const happy = marks.get("happy") ?? [];
  const denied = happy.filter(isDenied);
  if (denied.length === 0) return;
  marks.set(
    "happy",
    happy.filter((mark) => !denied.includes(mark)),
  );
  marks.set("unhappy", [...(marks.get("unhappy") ?? []), ...denied]);
}

/** A great experience is a happy buyer, a bad one an unhappy one. */
export function addExperiences(marks: Map<Concept | "amount", Mark[]>): void {
  for (const experience of marks.get("experience") ?? []) {
    const before = (of: readonly Mark[] | undefined) => of?.find((mark) => mark.from < experience.from && experience.from - mark.to <= 1);
    for (const [concept, words] of [
      ["happy", [...(marks.get("positive") ?? []), ...(marks.get("nice") ?? [])]],
      ["unhappy", marks.get("negative")],
    ] as const) {
      const word = before(words);
      if (word !== undefined) marks.set(concept, [...(marks.get(concept) ?? []), { ...word, to: experience.to, end: experience.end }]);
    }
  }
}
