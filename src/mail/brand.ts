/** How a shop looks in its mails. */
export interface Brand {
  readonly name: string;
  /** `#rrggbb`; `null`: ink. Anything else counts as `null`. */
  readonly color: string | null;
  /** `https:`; `null`: the shop's name is written instead. */
  readonly logoUrl: string | null;
}

/** The colours of a mail, all `#rrggbb`. Each pair that is read against each other has a contrast of at least 4.5 : 1 (WCAG AA). */
export interface Palette {
  readonly button: string;
  readonly onButton: string;
  /** Links on the white card. */
  readonly link: string;
  readonly darkButton: string;
  readonly onDarkButton: string;
  readonly darkLink: string;
}

export const cardColor = "#ffffff";
export const darkCardColor = "#1b1c1f";
const ink = "#1c1c1e";

/**
 * Makes a palette of one brand colour: used as it is where it can be read, else made darker (or, in dark mode, lighter) until it can.
 */
export function paletteOf(color: string | null): Palette {
  const own = color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : ink;
  const link = towards(own, "#000000", (it) => contrast(it, cardColor) >= 4.5);
  const darkLink = towards(own, "#ffffff", (it) => contrast(it, darkCardColor) >= 4.5);
  // a button must be seen as one (3 : 1 against the card, WCAG 1.4.11) and be read
  const button = towards(own, "#000000", (it) => contrast(it, cardColor) >= 3 && legible(it));
  const darkButton = towards(own, "#ffffff", (it) => contrast(it, darkCardColor) >= 3 && legible(it));
  return { button, onButton: textOn(button), link, darkButton, onDarkButton: textOn(darkButton), darkLink };
}

/** WCAG 2 contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function textOn(background: string): string {
  return contrast("#ffffff", background) >= 4.5 ? "#ffffff" : ink;
}

function legible(background: string): boolean {
  return contrast(textOn(background), background) >= 4.5;
}

function towards(color: string, goal: string, good: (color: string) => boolean): string {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(color, goal, share);
    if (good(mixed)) return mixed;
  }
  return goal;
}

function mix(a: string, b: string, share: number): string {
  const [from, to] = [channels(a), channels(b)];
  return `#${from.map((value, i) => hex(value + ((to[i] ?? value) - value) * share)).join("")}`;
}

function hex(value: number): string {
  return Math.round(value).toString(16).padStart(2, "0");
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
