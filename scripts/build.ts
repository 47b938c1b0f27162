// Builds everything that is not source: the kernel, the code generated from proto/, every package's dist, and bundles.
import { spawnSync } from "node:child_process";
import { buildBundles } from "./build-bundles.ts";
import { buildKernel } from "./build-kernel.ts";
import { buildProto } from "./build-proto.ts";

await Promise.all([buildKernel(), buildProto()]);
const { status } = spawnSync("tsc", ["-b"], { stdio: "inherit" });
process.exitCode = status ?? 1;
if (process.exitCode === 0) await buildBundles({ writeMeasurements: process.argv.includes("--measurements") });
