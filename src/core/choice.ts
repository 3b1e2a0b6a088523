/** What a mail lets its buyer choose on the buyer's page, by the step that asks. Closed: each pair has its page, its task and its effect on the plan. */
export const choicesOf = {
  "delivery-late": ["resend", "refund"],
  "dispatch-late": ["wait", "cancel"],
  "review-recovery": ["resend", "refund", "talk"],
  "dispute-proposal": ["accept", "talk"],
} as const;

export type ChoiceOf = keyof typeof choicesOf;
export type ChoiceWord = (typeof choicesOf)[ChoiceOf][number];

/** What the buyer chose. One choice holds for each thing that was asked about: choosing again replaces it. */
export interface ChoiceSaying {
  readonly kind: "choice";
  readonly of: ChoiceOf;
  /** The id of the occurrence the mail was about: the parcel, the review, the proposal, the order. */
  readonly about: string;
  readonly choice: ChoiceWord;
  /** In the buyer's words; `null` without any. */
  readonly note: string | null;
  readonly chosenAt: string;
  /** When a person said that it is settled, done or declined. Absent: nobody has, though the order may show that it was done. */
  readonly settledAt?: string;
}

export const reportTopics = ["not-arrived", "problem"] as const;
export type ReportTopic = (typeof reportTopics)[number];

/** What the buyer told the shop on the buyer's page. It waits for an answer like any letter. */
export interface ReportSaying {
  readonly kind: "report";
  readonly id: string;
  readonly topic: ReportTopic;
  readonly text: string | null;
  readonly reportedAt: string;
  /** When the shop answered it. Absent: it has not, unless the whole conversation was answered after it (`ConversationSaying`). */
  readonly answeredAt?: string;
}
