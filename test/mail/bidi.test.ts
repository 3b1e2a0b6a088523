import { describe, expect, test } from "vitest";
import { isBalanced, isolateInHtml, isolateInText } from "../../src/mail/bidi.ts";
import { inertSubject } from "../../src/mail/inert.ts";

describe("in a language from right to left", () => {
  test("values are isolated in text, and only values: not blocks, and not addresses, which readers' programs make links of", () => {
    expect(
      isolateInText("{{#if a}}طلب {{order.number}}{{else}}x{{/if}}: {{links.buyerPage}} {{shipment.trackingUrl}} {{shop.website}}"),
    ).toBe("{{#if a}}طلب \u2068{{order.number}}\u2069{{else}}x{{/if}}: {{links.buyerPage}} {{shipment.trackingUrl}} {{shop.website}}");
  });

  test("values are isolated in HTML where they are read, and left alone in attributes and comments", () => {
    expect(isolateInHtml('<a href="{{links.review}}"><b>{{title}}</b></a><!--[if mso]><td>{{x}}</td><![endif]-->')).toBe(
      '<a href="{{links.review}}"><b>\u2068{{title}}\u2069</b></a><!--[if mso]><td>{{x}}</td><![endif]-->',
    );
  });
});

test("a subject keeps isolates that are balanced, loses others, and never keeps what overrides (SEC-01)", () => {
  expect(inertSubject("طلبك \u20681001\u2069 في الطريق", 200)).toBe("طلبك \u20681001\u2069 في الطريق");
  expect(inertSubject("a\u2069b\u2068", 200)).toBe("ab");
  expect(inertSubject("a\u2068b", 200)).toBe("ab");
  expect(inertSubject("a\u202eb\u2067c\u2066", 200)).toBe("abc");
  expect(inertSubject(`\u2068${"x".repeat(300)}\u2069`, 200)).toMatch(/^x+…$/);
  expect(isBalanced("\u2068a\u2068b\u2069\u2069")).toBe(true);
});
