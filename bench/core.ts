// Figures of core/: what it adds to a page, and what the steps of paying and finding take, beside the very same code on
// noble instead of the kernel.
import { coreOnNoble, gzippedBytes } from "./core-bundle.ts";
import * as packages from "./core-packages.ts";
import { coreWorkloads } from "./core-workloads.ts";
import { count, type Figure, measure } from "./measure.ts";
import { agree } from "./operands.ts";
import { versioned } from "./provenance.ts";

/** Measures every figure named `core`; less than half a minute. Reports each as it comes. */
export async function benchCore(report: (figure: Figure) => void): Promise<void> {
  report(count("core-gzip-bytes", "bytes", await gzippedBytes({ withKernel: true })));
  report(count("core-gzip-bytes-without-kernel", "bytes", await gzippedBytes({ withKernel: false })));

  const ours = coreWorkloads(packages);
  const theirs = coreWorkloads(await coreOnNoble());
  for (const [name, run] of Object.entries(ours)) {
    const peer = theirs[name] as typeof run; // Both come from the same list.
    agree([[run(), peer()]]);
    report(
      measure({
        name,
        unit: "µs",
        ours: { run },
        peer: { name: `the same on ${versioned("@noble/curves")}`, run: peer },
        bursts: 200,
      }),
    );
  }
}
