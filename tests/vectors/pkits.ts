// NIST's Public Key Interoperability Test Suite, the cases about revocation lists: each certificate and each list in a
// folder `pkits` is a case. `Invalid…` certificates must be refused, and for the reason in their name where it has one of
// those below; `Bad…` lists and those of unknown rules must not be believed; everything else must pass, judged with all
// files beside it.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import {
  AttestError,
  type Certificate,
  type ChainVerdict,
  parseCertificate,
  parseCrl,
  type RevocationList,
  verifyChain,
  verifySignature,
} from "@fogbow/core-attest";
import { equalBytes } from "@fogbow/core-bytes";
import { expectThat } from "./case.ts";
import type { FileFormat } from "./file-formats.ts";

/** The certificates are valid from 2010 to 2030. */
const AT = Date.UTC(2020, 0, 1);

const ANCHOR = /^TrustAnchor.*\.crt$/;

/** The names of certificates that must be refused: those of leaves, and those of issuers that are unsound themselves. */
const INVALID = /^(?:Invalid|Revoked|BadSigned|Badnot)/;

/** The names of lists that must not be believed. */
const BAD_LIST = /^(?:Bad|Unknown)/;

/** What must be among the problems of certificates whose names hold these words. */
const REASONS: readonly (readonly [word: string, problem: string])[] = [
  ["Revoked", "certificate-revoked"],
  ["MissingCRL", "crl-missing"],
  ["BadCRLSignature", "crl-signature"],
];

/** The files of `pkits`. */
export const PKITS: FileFormat = {
  name: "pkits",
  holds: (path) => basename(dirname(path)) === "pkits" && [".crt", ".crl"].includes(extname(path)),
  check: async (path) => {
    const folder = readFolder(dirname(path));
    await (path.endsWith(".crl") ? checkList(path, folder) : checkCertificate(path, folder));
  },
};

/** All of a folder that can be read. */
interface Folder {
  readonly certificates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly crls: readonly RevocationList[];
}

function readFolder(folder: string): Folder {
  const names = readdirSync(folder);
  const read = (name: string) => readFileSync(join(folder, name));
  const certificates = names.filter((name) => name.endsWith(".crt"));
  return {
    certificates: certificates.flatMap((name) => tryParse(() => parseCertificate(read(name)))),
    anchors: certificates.filter((name) => ANCHOR.test(name)).map((name) => parseCertificate(read(name))),
    crls: names.filter((name) => name.endsWith(".crl")).flatMap((name) => tryParse(() => parseCrl(read(name)))),
  };
}

async function checkCertificate(path: string, { certificates, anchors, crls }: Folder): Promise<void> {
  const name = basename(path);
  const isInvalid = INVALID.test(name);
  const [certificate] = tryParse(() => parseCertificate(readFileSync(path)));
  if (certificate === undefined) {
    expectThat(isInvalid, "cannot be read");
    return;
  }
  const verdict: ChainVerdict = await verifyChain({
    chain: chainOf(certificate, certificates),
    anchors,
    crls,
    at: AT,
    checkCertificateTimes: true,
    checkCrlTimes: true,
    requireCrls: true,
  });
  expectThat(verdict.ok !== isInvalid, isInvalid ? "is accepted" : `is refused: ${verdict.problems.join(", ")}`);
  const [, reason] = REASONS.find(([word]) => isInvalid && name.includes(word)) ?? [];
  const found = verdict.problems.find((problem) => problem === reason);
  expectThat(found === reason, `is refused for other reasons: ${verdict.problems.join(", ")}`);
}

/** Whether a list can be read, and is signed by a certificate of its issuer in the folder. */
async function checkList(path: string, { certificates }: Folder): Promise<void> {
  const [list] = tryParse(() => parseCrl(readFileSync(path)));
  const isBelieved = list !== undefined && (await isSigned(list, certificates));
  const isBad = BAD_LIST.test(basename(path));
  expectThat(isBelieved !== isBad, isBad ? "is believed" : "is not believed");
}

async function isSigned(list: RevocationList, certificates: readonly Certificate[]): Promise<boolean> {
  const { signatureAlgorithm, signature, tbs } = list;
  for (const issuer of certificates.filter(({ subject }) => equalBytes(subject, list.issuer))) {
    if (await verifySignature(signatureAlgorithm, issuer.publicKey, signature, tbs)) {
      return true;
    }
  }
  return false;
}

/** A certificate and those of its issuers, as far as the folder has them; the anchor is left to the verifier. */
function chainOf(leaf: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const chain = [leaf];
  for (let last = leaf; !equalBytes(last.issuer, last.subject); ) {
    const { issuer } = last;
    const next = certificates.find(({ subject }) => equalBytes(subject, issuer));
    if (next === undefined || chain.includes(next)) {
      break;
    }
    chain.push(next);
    last = next;
  }
  return chain;
}

/** What `parse` gives, or nothing when it refuses. */
function tryParse<T>(parse: () => T): T[] {
  try {
    return [parse()];
  } catch (error) {
    if (error instanceof AttestError) {
      return [];
    }
    throw error;
  }
}
