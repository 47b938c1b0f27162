// What runs in the browser: loads kernel and core, derives known accounts, opens a known Fog record, makes a
// payment, and leaves a report in the page for the test.
import {
  type AccountKey,
  accountKeyFromMnemonic,
  accountKeyFromRootEntropy,
  DEFAULT_SUBADDRESS,
  encodePrintable,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { fromHex, Secret, toHex } from "@fogbow/core-bytes";
import { matchTxOutRecord, openTxOutRecord, SubaddressTable } from "@fogbow/core-transaction";
import { KernelError, kernel } from "@fogbow/kernel";
import { wrongAnswers } from "./known-answers.ts";
import { pay } from "./pay.ts";
import type { PageReport } from "./report.ts";

/** As much of the page as is used; the project's library has no DOM. */
declare const document: { readonly body: { innerText: string } };

const TEST_PHRASE = `${"abandon ".repeat(11)}about`;

/** A sealed record of an output to root entropy 32 × 00 (spec 01 §10.9). */
const SEALED_RECORD = fromHex(
  "5de50ed91f7f2b349b9fe520065708213f6938261bb2ebdfc3df5ba345049807fa4bcf9d5a59baf2e6e2ed0f8a4ef343d60470f55454efef928f7526de1d0c5f0a29371a4b29289d058cf3c24b38d6a8e29caba4485c146acda7818583464129f119fff3e13a40e33472397cb71174268b75c16e2f0b" +
    "ec3e936f67fc7bfb896b0cf1c2d041412be653c53a4273e95cc1b0afc5bb1170de962c58c607e944f2378945085c0377015f437d802a4c9b923892f2c477130f38d8a2426178cbb09cd18f90824f8ce357ac6163276fbc70df590a3853ad056f4af16f662b3669098e91e24f72be932471dc04db7f0100",
);

function run(): PageReport {
  const account = accountKeyFromRootEntropy(new Secret(new Uint8Array(32)));
  const fromWords = accountKeyFromMnemonic(TEST_PHRASE, 0);
  return {
    addressCode: encodePrintable({ kind: "public-address", publicAddress: publicAddress(account) }),
    viewPrivateKey: toHex(fromWords.viewPrivateKey.expose()),
    spendPrivateKey: toHex(fromWords.spendPrivateKey.expose()),
    foundInRecord: readRecord(account),
    payment: pay(),
    wrongAnswers: wrongAnswers(kernel()),
  };
}

/** The value and token that the owner of the sealed record reads in it. */
function readRecord(account: AccountKey): string {
  const record = openTxOutRecord(SEALED_RECORD, subaddress(account, DEFAULT_SUBADDRESS).viewPrivateKey);
  const subaddresses = new SubaddressTable(viewAccountKey(account), [DEFAULT_SUBADDRESS]);
  const owned = matchTxOutRecord(record, { viewPrivateKey: account.viewPrivateKey, subaddresses });
  return owned === undefined ? "nothing" : `${owned.amount.value} of token ${owned.amount.tokenId}`;
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
