// What runs in the browser: loads kernel and core, derives known accounts, and leaves a report in the page for the test.
import {
  accountKeyFromMnemonic,
  accountKeyFromRootEntropy,
  encodePrintable,
  publicAddress,
} from "@fogbow/core-account";
import { Secret, toHex } from "@fogbow/core-bytes";
import { KernelError, kernel } from "@fogbow/kernel";
import { wrongAnswers } from "./known-answers.ts";
import type { PageReport } from "./report.ts";

/** As much of the page as is used; the project's library has no DOM. */
declare const document: { readonly body: { innerText: string } };

const TEST_PHRASE = `${"abandon ".repeat(11)}about`;

function run(): PageReport {
  const account = accountKeyFromRootEntropy(new Secret(new Uint8Array(32)));
  const fromWords = accountKeyFromMnemonic(TEST_PHRASE, 0);
  return {
    addressCode: encodePrintable({ kind: "public-address", publicAddress: publicAddress(account) }),
    viewPrivateKey: toHex(fromWords.viewPrivateKey.expose()),
    spendPrivateKey: toHex(fromWords.spendPrivateKey.expose()),
    wrongAnswers: wrongAnswers(kernel()),
  };
}

function failure(error: unknown): PageReport {
  if (error instanceof KernelError) return { error: { code: error.code, message: error.message } };
  return { error: { code: "other", message: String(error) } };
}

let report: PageReport;
try {
  report = run();
} catch (error) {
  report = failure(error);
}
document.body.innerText = JSON.stringify(report, null, 2);
