// Known answers of AMD SEV-SNP reports with their certificates (spec 04 §12.2), judged without revocation lists.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { appraiseSnpReport, fromPem, type SnpProduct } from "@fogbow/core-attest";
import { fromHex } from "@fogbow/core-bytes";
import { type Case, VectorError } from "./case.ts";
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
          ...(one.has("product") ? { products: [productOf(one.text("product"))] } : {}),
          at: instantOf(one),
          checkCertificateTimes: true,
          checkCrlTimes: true,
          requireCrls: false,
          allowDebug: false,
        },
      ),
  );
  expectAnswer(one, answer);
}

function productOf(name: string): SnpProduct {
  switch (name) {
    case "Milan":
    case "Genoa":
    case "Turin":
      return name;
    default:
      throw new VectorError(`there is no product ${name}`);
  }
}
