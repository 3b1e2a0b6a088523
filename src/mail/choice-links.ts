/** What a buyer may choose, by the template that offers it; made on the buyer's page. */
const choices: Readonly<Record<string, readonly string[]>> = {
  "delivery-late": ["resend", "refund"],
  "dispatch-late": ["wait", "cancel"],
  "review-recovery": ["resend", "refund", "talk"],
  "dispute-proposal": ["accept", "talk"],
};

/**
 * The addresses of the choices a template offers, by choice: the buyer's page, which asks once more before anything is chosen (a
 * scanner that follows links must choose nothing). `null` for a template without.
 */
export function choiceLinks(template: string, about: string, buyerPage: string): Readonly<Record<string, string>> | null {
  const offered = Object.hasOwn(choices, template) ? choices[template] : undefined;
  if (offered === undefined) return null;
  return Object.fromEntries(
    offered.map((choice) => {
      const url = new URL(buyerPage);
      for (const [name, value] of Object.entries({ topic: "choose", of: template, about, choice })) url.searchParams.set(name, value);
      return [choice, url.href];
    }),
  );
}
