/** The rules of the linter (standards 3.3). R14 and those with words for names look at how a mail is built, the others at what it says. */
export type Rule =
  | "R01"
  | "R02"
  | "R03"
  | "R04"
  | "R05"
  | "R06"
  | "R07"
  | "R08"
  | "R09"
  | "R10"
  | "R11"
  | "R12"
  | "R13"
  | "R14"
  | "R15"
  | "size"
  | "alt"
  | "title"
  | "lang"
  | "text-part"
  | "shouting"
  | "http-link"
  | "data-image"
  | "render";

export interface RuleWords {
  /** `block`: not published and not sent; `warn`: said, no more. */
  readonly severity: "block" | "warn";
  /** What is wrong, in one sentence. */
  readonly wrong: string;
  /** What to write or do instead. */
  readonly instead: string;
}

/** What each rule says to people. */
export const ruleWords: Readonly<Record<Rule, RuleWords>> = {
  R01: {
    severity: "block",
    wrong: "This asks buyers not to say anything bad, or to come to you before they do.",
    instead: 'Invite everybody the same way, "good or bad", and offer help in a sentence that does not speak of reviews.',
  },
  R02: {
    severity: "block",
    wrong: "This offers money, a gift or a refund for changing or removing a review.",
    instead: "Offer the remedy with no word about the review.",
  },
  R03: {
    severity: "block",
    wrong: "This asks to change, withdraw or remove a review.",
    instead: "Say that it is solved, and leave the review to the buyer.",
  },
  R04: {
    severity: "block",
    wrong: "This offers something for a positive review.",
    instead: "Ask without a reward.",
  },
  R05: {
    severity: "block",
    wrong: "This asks for a positive review or for stars.",
    instead: 'Ask what the buyer thinks: "good or bad, a few honest words help others".',
  },
  R06: {
    severity: "block",
    wrong: "This sends happy buyers to the review and unhappy ones elsewhere.",
    instead: "Ask all buyers the same, and offer help to all of them.",
  },
  R07: {
    severity: "block",
    wrong: "This threatens buyers for what they write.",
    instead: "Leave it out; report a false review to the platform if you must.",
  },
  R08: {
    severity: "block",
    wrong: "This makes a refund, a replacement, a warranty or a delivery depend on a review.",
    instead: "Say what the buyer gets, and by when; what is owed has no conditions.",
  },
  R09: {
    severity: "block",
    wrong: "This asks not to open a dispute or a chargeback, or to close one.",
    instead: "Offer the solution, and leave the buyer's rights alone.",
  },
  R10: {
    severity: "warn",
    wrong: "This trades one good review for another.",
    instead: "Ask without speaking of what you gave.",
  },
  R11: {
    severity: "block",
    wrong: "This offers a reward for a review.",
    instead: "Ask without a reward.",
  },
  R12: {
    severity: "warn",
    wrong: "This promotes something in a mail about the order; that makes it an offer, which needs consent.",
    instead: "Leave it out, or send it as an offer to those who agreed to offers.",
  },
  R13: {
    severity: "block",
    wrong: "This subject pretends to be an answer or an emergency.",
    instead: "Say what the mail is about.",
  },
  R14: {
    severity: "block",
    wrong: "Mail that is not about the order itself must say who sends it and where they are, and must have a way to unsubscribe.",
    instead: "Keep {{shop.name}}, {{shop.postalAddress}} and {{links.unsubscribe}} in the mail, in both parts.",
  },
  R15: {
    severity: "warn",
    wrong: "This states something false to customs.",
    instead: "Declare what it is and what it cost.",
  },
  size: { severity: "warn", wrong: "The HTML is larger than 80 kB: some readers cut it off.", instead: "Make it shorter." },
  alt: { severity: "block", wrong: "An image has no alt text.", instead: 'Say what it shows; alt="" when it only decorates.' },
  title: { severity: "block", wrong: "The HTML has no title.", instead: "Put the subject into <mj-title>." },
  lang: { severity: "block", wrong: "The HTML does not say which language it is in.", instead: 'Write <mjml lang="[[@locale]]">.' },
  "text-part": { severity: "block", wrong: "The text part is empty.", instead: "Say everything in body.txt too." },
  shouting: { severity: "warn", wrong: "A paragraph is written in capitals.", instead: "Write it as you would say it." },
  "http-link": { severity: "block", wrong: "A link or an image is not https.", instead: "Use https://." },
  "data-image": { severity: "block", wrong: "An image of more than 2 kB is written into the mail.", instead: "Link to it." },
  render: { severity: "block", wrong: "The mail cannot be made.", instead: "Mend the template." },
};
