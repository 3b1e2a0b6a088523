/**
 * What mails use although not every version of Gmail or Outlook knows it, and what a reader without it sees instead. By the title that
 * caniemail.com gives the feature. Nothing may be used that neither all of them know nor stands here.
 */
export const fallbacks: Readonly<Record<string, string>> = {
  // the style sheet: colours for the dark, narrower margins on phones, nothing without which a mail can't be read
  "<style> element": "every style that matters is on the element itself",
  "Class selector": "belongs to the style sheet, which only refines",
  "ID selector": "only in MJML's reset for Outlook",
  "Type selector": "belongs to the style sheet, which only refines",
  "Attribute selector": "Outlook's own dark colours; elsewhere it matches nothing",
  "Descendant combinator": "belongs to the style sheet, which only refines",
  "Chaining selectors": "belongs to the style sheet, which only refines",
  "@media": "the wide, light form is shown, which is readable on phones as well",
  "color-scheme meta tag": "the reader keeps the light colours or makes dark ones itself",
  "color-scheme CSS property": "the reader keeps the light colours or makes dark ones itself",
  // looks
  "border-radius": "corners are square",
  "display:none": "the preheader is hidden by mso-hide, no height and no opacity as well",
  opacity: "the preheader is hidden by display and height as well",
  overflow: "the preheader is hidden by display as well",
  "max-height property": "the preheader is hidden by display as well",
  outline: "only takes an ornament away",
  cursor: "the pointer looks as usual",
  "white-space": "a price may break into two lines",
  "word-spacing": "MJML's own, of no effect on words",
  "overflow-wrap": "word-break does the same; else a long number widens its cell",
  "word-break": "overflow-wrap does the same; else a long number widens its cell",
  "table-layout": "columns take the width of what is in them",
  // meaning for those who have a mail read to them
  "target attribute": "links open where the reader opens them",
  "aria-label attribute": "the subject is the document's title as well",
  "role attribute": "a table of layout is read as a table",
  // MJML writes one, and everything within it stands in a div with the same colours
  "<body> element": "its colours are those of the div within it too",
};
