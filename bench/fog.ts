// Figures of Fog, one file each in `fog/`.
import { ingestIntoDatabase } from "./fog/ingest-into-database.ts";
import { ingestOutputs } from "./fog/ingest-outputs.ts";
import { ledgerFigures } from "./fog/ledger-figures.ts";
import { obliviousLookup } from "./fog/oblivious-lookup.ts";
import { obliviousOutputs } from "./fog/oblivious-outputs.ts";
import { viewFigures } from "./fog/view-figures.ts";
import type { Figure } from "./measure.ts";

/** Measures every figure named `fog`. Reports each as it comes. */
export async function benchFog(report: (figure: Figure) => void): Promise<void> {
  await obliviousLookup(report);
  report(await ingestOutputs());
  await ingestIntoDatabase(report);
  await viewFigures(report);
  obliviousOutputs(report);
  await ledgerFigures(report);
}
