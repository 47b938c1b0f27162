// How the page shows a line of the checklist, an echo, and text with long numbers in it.
import { toHex } from "@fogbow/core-bytes";
import type { ChecklistItem, ItemState, NamedCheck } from "./checklist.ts";
import { element, type PageElement } from "./dom.ts";
import type { Echoed } from "./echo-channel.ts";

const MARKS: Readonly<Record<ItemState, { readonly sign: string; readonly spoken: string }>> = {
  passed: { sign: "✓", spoken: "passed" },
  warned: { sign: "!", spoken: "warning" },
  failed: { sign: "✗", spoken: "failed" },
  unchecked: { sign: "–", spoken: "not checked" },
};

/** A line of the checklist: closed when it passed, open with what was expected and found when it failed. */
export function checklistRow({ id, state, says, term, fact, checks }: ChecklistItem): PageElement {
  const mark = element("span", "mark", MARKS[state].sign);
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", MARKS[state].spoken);
  const about = element("span", "term", term, ...(fact === undefined ? [] : [element("span", "fact", fact)]));
  const details = element(
    "details",
    "",
    element("summary", "", mark, element("span", "says", says), about),
    ...checksOf(checks),
  );
  details.open = state === "failed";
  const row = element("li", "item", details);
  row.dataset.id = id;
  row.dataset.state = state;
  return row;
}

/** The checks of a line. Beside those that failed, the others are folded away. */
function checksOf(checks: readonly NamedCheck[]): PageElement[] {
  const failed = checks.filter(({ ok }) => !ok);
  const passed = element("ul", "checks", ...checks.filter(({ ok }) => ok).map(checkRow));
  if (failed.length === 0) return [passed];
  const others = element("details", "others", element("summary", "", "What passed nevertheless"), passed);
  return [element("ul", "checks", ...failed.map(checkRow)), ...(failed.length === checks.length ? [] : [others])];
}

function checkRow({ names, ok, expected, actual }: NamedCheck): PageElement {
  const [name = "", ...others] = names;
  const more = others.length === 0 ? [] : [element("span", "label", ` and ${others.length} more`)];
  const row = element("li", ok ? "check passed" : "check failed", element("span", "check-name", name, ...more));
  if (expected === actual || actual === undefined || expected === undefined) {
    row.append(element("span", "value", actual ?? expected ?? (ok ? "holds" : "does not hold")));
  } else {
    row.append(
      element("span", "value", element("span", "label", "expected "), expected),
      element("span", "value", element("span", "label", "found "), actual),
    );
  }
  return row;
}

/** How many bytes of a sealed message are shown. */
const SHOWN_BYTES = 16;

/** A message that came back, and what travelled instead of it. */
export function echoedRow({ text, sealedRequest, sealedResponse }: Echoed): PageElement {
  return element(
    "li",
    "echo",
    element("p", "echo-text", text),
    element("p", "sealed", "came back. What travelled instead:"),
    travelled("→", sealedRequest),
    travelled("←", sealedResponse),
  );
}

function travelled(direction: string, sealed: Uint8Array): PageElement {
  const shown = `${toHex(sealed.subarray(0, SHOWN_BYTES))}${sealed.length > SHOWN_BYTES ? "…" : ""}`;
  return element("p", "sealed", `${direction} ${sealed.length} bytes `, element("code", "", shown));
}

/** Text in which long hexadecimal numbers stand out and may break anywhere. */
export function readableText(text: string): (PageElement | string)[] {
  return text
    .split(/([0-9a-f]{32,})/)
    .filter((part) => part !== "")
    .map((part) => (/^[0-9a-f]{32,}$/.test(part) ? element("code", "", part) : part));
}
