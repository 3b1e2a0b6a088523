/** The rules that look at words (standards 3.3); the others look at how a mail is built. */
export const wordRules = ["R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13", "R15"] as const;
export type WordRule = (typeof wordRules)[number];
