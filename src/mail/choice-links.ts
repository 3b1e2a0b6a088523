import { type ChoiceOf, choicesOf } from "../core/choice.ts";

/**
 * The addresses of the choices a template offers, by choice: the buyer's page, which asks once more before anything is chosen (a
 * scanner that follows links must choose nothing). `null` for a template without.
 */
export function choiceLinks(template: string, about: string, buyerPage: string): Readonly<Record<string, string>> | null {
  if (!offersChoice(template)) return null;
  return Object.fromEntries(
    choicesOf[template].map((choice) => {
      const url = new URL(buyerPage);
      for (const [name, value] of Object.entries({ topic: "choose", of: template, about, choice })) url.searchParams.set(name, value);
      return [choice, url.href];
    }),
  );
}

function offersChoice(template: string): template is ChoiceOf {
  return Object.hasOwn(choicesOf, template);
}
