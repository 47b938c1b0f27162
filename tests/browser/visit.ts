// One visit of the page in a fresh browser profile: opens it, waits for its report and listens for complaints.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import type { PageReport } from "./report.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WAIT_MS = 15_000;

/** What a visit saw. */
export interface Visit {
  readonly report: PageReport;
  /** Uncaught errors, console errors and warnings, and violations of the content security policy. */
  readonly complaints: readonly string[];
}

/** Starts Chromium with a new, empty profile. Throws when there is none: a browser test without a browser is no test. */
export async function startChromium(...flags: string[]): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`There is no Chromium at ${executablePath}. Install it, or set CHROMIUM to where it is.`);
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags], timeout: WAIT_MS });
}

/** Visits `url`, running `prelude` in the page before any script of its own. */
export async function visit(browser: Browser, url: string, prelude?: string): Promise<Visit> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints = await listen(page);
    if (prelude !== undefined) await page.addInitScript(prelude);
    await page.goto(url, { timeout: WAIT_MS });
    const text = await page.locator("body:has-text('}')").innerText({ timeout: WAIT_MS });
    await page.evaluate(NEXT_TURN); // Complaints are events, which come after the script that caused them.
    return { report: JSON.parse(text) as PageReport, complaints }; // The page writes nothing else.
  } finally {
    await context.close();
  }
}

/**
 * Listens to a page before it is opened: uncaught errors, console errors and warnings, and violations of the content
 * security policy are added to the list as they come.
 */
export async function listen(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.addInitScript(REPORT_VIOLATIONS);
  return complaints;
}

/** Says which directive was violated and what was refused: Chromium itself does not print every violation. */
const REPORT_VIOLATIONS = `addEventListener("securitypolicyviolation", (violation) =>
  console.error("content security policy: " + violation.effectiveDirective + " refused " + violation.blockedURI));`;

const NEXT_TURN = "new Promise((resolve) => setTimeout(resolve))";
