// Known answers of Intel quotes with their collateral (spec 04 §7, §12.2), judged without a list of measurements: what the
// platform vouches for, at the stated instant.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  AttestError,
  appraiseQuote,
  fromPem,
  type IntelCollateral,
  intelSgxRoot,
  PROBLEMS,
  parseCollateral,
  type QuoteAppraisal,
  type QuoteRules,
  weightiest,
} from "@fogbow/core-attest";
import { fromHex, toHex } from "@fogbow/core-bytes";
import { type Case, expectThat, VectorError } from "./case.ts";
import type { FileFormat } from "./file-formats.ts";
import type { CaseFolder } from "./formats.ts";
import { holdsJson, readKnownAnswers } from "./known-answer-file.ts";

/** A quote is valid, with the stated state, advisories and measurement, or invalid for the stated class of reasons. */
export async function checkQuote(one: Case, { folder }: CaseFolder): Promise<void> {
  const quote = readBytes(join(folder, one.text("quote")));
  const collateralPath = join(folder, one.text("collateral"));
  const rules: QuoteRules = {
    root: intelSgxRoot(),
    at: instantOf(one),
    checkCertificateTimes: true,
    checkCrlTimes: crlTimesCount(one),
    requireCrls: true,
    allowDebug: false,
  };
  const answer = await judge(async () => await appraiseQuote(quote, readCollateral(collateralPath), rules));
  const appraisal = expectAnswer(one, answer);
  if (appraisal !== undefined) {
    checkStatements(one, appraisal);
  }
}

/** Whether revocation lists must be fresh; they must unless a case says otherwise. */
function crlTimesCount(one: Case): boolean {
  const times = one.has("crl_times") ? one.text("crl_times") : "checked";
  expectThat(times === "checked" || times === "ignored", `crl_times is ${times}, which is neither checked nor ignored`);
  return times === "checked";
}

/** What came of a case: an appraisal with problems or without, or bytes that could not be read. */
export type Answer<Appraisal> = { readonly appraisal: Appraisal } | { readonly unreadable: AttestError };

/** Runs an appraisal; what cannot be read is an answer too. */
export async function judge<Appraisal>(appraise: () => Promise<Appraisal>): Promise<Answer<Appraisal>> {
  try {
    return { appraisal: await appraise() };
  } catch (error) {
    if (error instanceof AttestError && error.code !== "web-crypto-unavailable") {
      return { unreadable: error };
    }
    throw error;
  }
}

/** Compares an answer with `expect` and `because`. Returns the appraisal of a valid case. */
export function expectAnswer<Appraisal extends Pick<QuoteAppraisal, "findings">>(
  one: Case,
  answer: Answer<Appraisal>,
): Appraisal | undefined {
  const problem = "unreadable" in answer ? undefined : weightiest(answer.appraisal.findings.problems);
  const reason = "unreadable" in answer ? "malformed" : problem && PROBLEMS[problem.code].class;
  const found = "unreadable" in answer ? answer.unreadable.code : problem?.code;
  switch (one.text("expect")) {
    case "valid":
      expectThat("appraisal" in answer && reason === undefined, `is refused: ${reason}, ${found}`);
      return answer.appraisal;
    case "invalid":
      expectThat(reason !== undefined, "is accepted");
      if (one.has("because")) {
        expectThat(
          reason === one.text("because"),
          `is refused because ${reason} (${found}), not ${one.text("because")}`,
        );
      }
      return undefined;
    default:
      throw new VectorError(`expects ${one.text("expect")}, which is neither valid nor invalid`);
  }
}

/** The instant `at` of a case, in milliseconds since 1970. */
export function instantOf(one: Case): number {
  const at = Date.parse(one.text("at"));
  expectThat(!Number.isNaN(at), "at is not an instant");
  return at;
}

function checkStatements(one: Case, { tcbStatus, advisories, body }: QuoteAppraisal): void {
  if (one.has("tcb_status")) {
    expectThat(tcbStatus === one.text("tcb_status"), `tcb_status is ${tcbStatus}`);
  }
  if (one.has("advisories")) {
    const stated = one.list("advisories").map(String).sort();
    const found = [...advisories].sort();
    expectThat(JSON.stringify(stated) === JSON.stringify(found), `advisories are ${found.join(", ")}`);
  }
  const [sgx, tdx] = body.kind === "sgx" ? [body, undefined] : [undefined, body];
  const fields = { mrenclave: sgx?.mrEnclave, mrsigner: sgx?.mrSigner, mrtd: tdx?.mrTd };
  for (const [field, value] of Object.entries(fields)) {
    if (one.has(field)) {
      const found = value === undefined ? `not in a quote of ${body.kind}` : toHex(value);
      expectThat(found === one.text(field).toLowerCase(), `${field} is ${found}`);
    }
  }
}

/**
 * The collateral in a file of its own, where the signed texts are parted from their signatures. What is missing or no
 * hexadecimal there is empty here, so that it is our code that refuses it.
 */
function readCollateral(path: string): IntelCollateral {
  const [one] = readKnownAnswers(path, readFileSync(path)).cases;
  const text = (field: string): string => (one?.has(field) ? one.text(field) : "");
  const bytes = (field: string): Uint8Array => (/^(?:[0-9a-f]{2})*$/i.test(text(field)) ? fromHex(text(field)) : EMPTY);
  // Some of the chains were put together without a line end between two certificates.
  const chain = (field: string): Uint8Array[] => fromPem(text(field).replace(/-----(?=-----BEGIN)/g, "-----\n"));
  return {
    pckCrlIssuerChain: chain("pck_crl_issuer_chain"),
    rootCaCrl: bytes("root_ca_crl"),
    pckCrl: bytes("pck_crl"),
    tcbInfoIssuerChain: chain("tcb_info_issuer_chain"),
    tcbInfo: `{"tcbInfo":${text("tcb_info")},"signature":"${text("tcb_info_signature")}"}`,
    qeIdentityIssuerChain: chain("qe_identity_issuer_chain"),
    qeIdentity: `{"enclaveIdentity":${text("qe_identity")},"signature":"${text("qe_identity_signature")}"}`,
  };
}

const EMPTY = new Uint8Array();

/**
 * Files of collateral that quotes beside them are judged with. What must come of them is stated with the quotes; by
 * itself each is read, or refused with a code.
 */
export const QUOTE_COLLATERAL: FileFormat = {
  name: "collateral of quotes",
  holds: (path) => holdsJson(path) && collateralOf(dirname(path)).includes(basename(path)),
  check: async (path) => {
    await judge(async () => parseCollateral(readCollateral(path)));
  },
};

/** The files that the known answers of a folder name as collateral. */
function collateralOf(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => /^quotes.*\.json$/i.test(name));
  return files.flatMap((name) =>
    readKnownAnswers(name, readFileSync(join(folder, name))).cases.flatMap((one) =>
      one?.has("collateral") ? [one.text("collateral")] : [],
    ),
  );
}

function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
