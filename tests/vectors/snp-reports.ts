// Known answers of AMD SEV-SNP reports with their certificates (spec 04 §12.2), judged without revocation lists.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AMD_ROOTS, appraiseSnpReport, fromPem, type SnpRoot } from "@fogbow/core-attest";
import { fromHex } from "@fogbow/core-bytes";
import { type Case, expectThat } from "./case.ts";
import type { CaseFolder } from "./formats.ts";
import { expectAnswer, instantOf, judge } from "./quotes.ts";

/** A report is valid, or invalid for the stated class of reasons. */
export async function checkSnpReport(one: Case, { folder }: CaseFolder): Promise<void> {
  const read = (field: string): Buffer => readFileSync(join(folder, one.text(field)));
  const text = read("report").toString("utf8").trim();
  const answer = await judge(
    async () =>
      await appraiseSnpReport(
        {
          report: fromHex(text),
          certificates: [new Uint8Array(read("vcek")), ...fromPem(read("chain").toString("utf8"))],
          crl: new Uint8Array(),
        },
        {
          roots: one.has("product") ? rootsOf(one.text("product")) : AMD_ROOTS,
          at: instantOf(one),
          checkCertificateTimes: true,
          checkCrlTimes: true,
          requireCrls: false,
          allowDebug: false,
          maximumVmpl: 3, // Cases are judged without a policy, which says who of the machine may speak for it.
        },
      ),
  );
  expectAnswer(one, answer);
}

function rootsOf(product: string): SnpRoot[] {
  const roots = AMD_ROOTS.filter((root) => root.product === product);
  expectThat(roots.length > 0, `there is no product ${product}`);
  return roots;
}
