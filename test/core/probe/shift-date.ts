// Loaded with --import: makes the process believe that it is the time in SHIFTED_NOW.
const now = Date.parse(process.env["SHIFTED_NOW"] ?? "");
if (!Number.isFinite(now)) throw new Error("SHIFTED_NOW is no time");

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now] : args, newTarget),
  apply: (target) => new target(now).toString(),
  get: (target, key, receiver) => (key === "now" ? () => now : Reflect.get(target, key, receiver)),
});
