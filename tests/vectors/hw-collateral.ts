// The files that a real quote's collateral was put together from: each is judged with the quote in the folder above.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  appraiseQuote,
  fromPem,
  type IntelCollateral,
  intelSgxRoot,
  parseCertificate,
  parseCollateral,
  parsePckExtension,
  type QuoteAppraisal,
  verifyChain,
} from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { expectThat } from "./case.ts";
import type { FileFormat } from "./file-formats.ts";

/**
 * With Intel's TCB info and identity the quote is valid; documentation's examples, which are about another processor and
 * signed by nobody we trust, make it invalid. The other platform's certificate leads to Intel's root.
 */
export const HW_COLLATERAL: FileFormat = {
  name: "collateral of a real quote",
  holds: (path) =>
    basename(dirname(path)) === "hw_collateral" && (path.endsWith(".json") || basename(path) === "leaf_cert.pem"),
  check: async (path) => {
    const name = basename(path);
    if (name === "leaf_cert.pem") {
      return await checkOtherLeaf(dirname(path));
    }
    const { findings, tcbStatus } = await appraiseWith(path);
    const codes = findings.problems.map(({ code }) => code);
    if (!name.startsWith("example_")) {
      return expectThat(findings.ok && tcbStatus === "SWHardeningNeeded", `the quote is refused: ${codes.join(", ")}`);
    }
    const isTcbInfo = name.includes("tcb");
    expectThat(!isTcbInfo || codes.includes("fmspc-mismatch"), "the example is taken for this processor's TCB info");
    const unsigned = isTcbInfo ? "tcb-info-signature" : "qe-identity-signature";
    expectThat(codes.includes(unsigned), "the example is taken for one that Intel signed");
  },
};

/** The quote with the collateral of the folder, in which `path` stands in the place of its kind. */
async function appraiseWith(path: string): Promise<QuoteAppraisal> {
  const folder = dirname(path);
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");
  const chain = (...names: string[]): Uint8Array[] => names.flatMap((name) => fromPem(text(name)));
  const isTcbInfo = text(basename(path)).includes('"tcbInfo"');
  const signers = chain("tcb_signer.pem", "root_ca.pem");
  const collateral: IntelCollateral = {
    pckCrlIssuerChain: chain("processor_ca.pem", "root_ca.pem"),
    rootCaCrl: read("root_crl.der"),
    pckCrl: read("processor_crl.der"),
    tcbInfoIssuerChain: signers,
    tcbInfo: text(isTcbInfo ? basename(path) : "fmspc_00906ED50000_2023_07_12.json"),
    qeIdentityIssuerChain: signers,
    qeIdentity: text(isTcbInfo ? "qe_identity.json" : basename(path)),
  };
  const parsed = parseCollateral(collateral);
  return await appraiseQuote(new Uint8Array(readFileSync(join(folder, "../hw_quote.dat"))), parsed, {
    root: intelSgxRoot(),
    at: Math.max(parsed.tcbInfo.issueDate, parsed.qeIdentity.issueDate),
    checkCertificateTimes: true,
    checkCrlTimes: false, // The PCK list had ended before the TCB info was issued (T7).
    requireCrls: true,
    allowDebug: false,
  });
}

async function checkOtherLeaf(folder: string): Promise<void> {
  const chain = ["leaf_cert.pem", "processor_ca.pem", "root_ca.pem"].flatMap((name) =>
    fromPem(readFileSync(join(folder, name), "utf8")).map(parseCertificate),
  );
  const [leaf] = chain;
  expectThat(leaf !== undefined, "there is no certificate");
  const { ok, problem } = await verifyChain({
    chain,
    anchors: [intelSgxRoot()],
    crls: [],
    at: leaf.notBefore,
    checkCertificateTimes: true,
    checkCrlTimes: false,
    requireCrls: false,
  });
  expectThat(ok, `the chain is refused: ${problem}`);
  const { fmspc } = parsePckExtension(leaf, { duplicates: "refuse" });
  expectThat(/^[0-9a-f]{12}$/.test(toHex(fmspc)), "the certificate names no processor");
}
