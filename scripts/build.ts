// Builds everything that is not source: the kernel, the code generated from proto/, and every package's dist.
import { spawnSync } from "node:child_process";
import { buildKernel } from "./build-kernel.ts";
import { buildProto } from "./build-proto.ts";

await Promise.all([buildKernel(), buildProto()]);
const { status } = spawnSync("tsc", ["-b"], { stdio: "inherit" });
process.exitCode = status ?? 1;
