// `npm run traces`: rewrites the shipped kernel's very bytes so that every memory access and every condition is
// recorded, runs each function over many secrets, and fails unless the traces are identical (spec 04 §16).
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { kernelWasm } from "@fogbow/kernel";
import { cases, publicOnly, unlisted } from "./cases.ts";
import { type Comparison, compareTraces, unpassed } from "./compare.ts";
import { disassemble, type Instrumented, instrument } from "./instrument.ts";
import { mapMutants, whatTellsMap } from "./map-mutants.ts";
import { mutants, runMutant } from "./mutants.ts";
import type { TraceEvent } from "./recorder.ts";
import { seed } from "./secrets.ts";
import { sourceMutants, whatTells } from "./source-mutants.ts";
import { refusals, secretFunctions } from "./static-gate.ts";

const SECRETS_MIN = 32;

process.exitCode = (await main()) ? 0 : 1;

/** Prints the report; true when nothing leaks and no mutant survives. */
async function main(): Promise<boolean> {
  const started = performance.now();
  const wasm = kernelWasm();
  const module = disassemble(wasm);
  const instrumented = instrument(module);
  console.log(`kernel.wasm: ${wasm.length} bytes, SHA-256 ${createHash("sha256").update(wasm).digest("hex")}`);
  console.log(
    `${instrumented.functions} functions, ${instrumented.sites.length} recorded operands, FOGBOW_SEED=${seed}\n`,
  );

  const problems = [...refusals(module, Object.keys(publicOnly)), ...unlisted(instrumented.exports)];
  const { passed, ...totals } = runCases(instrumented, problems);
  problems.push(...unpassed(instrumented, secretFunctions(module, Object.keys(publicOnly)), passed));
  const caught = runMutants(module, problems) + (await runSourceMutants(problems));

  for (const problem of problems) console.log(`\n${problem}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const ran = `${totals.functions} functions, ${totals.runs} runs, ${totals.events} events, ${caught} mutants caught, ${seconds} s`;
  console.log(
    problems.length === 0
      ? `\nPASS: no trace depends on a secret. ${ran}`
      : `\nFAIL: ${problems.length} problems. ${ran}`,
  );
  return problems.length === 0;
}

interface Totals {
  readonly functions: number;
  readonly runs: number;
  readonly events: number;
  /** The sites that some case has passed. */
  readonly passed: ReadonlySet<number>;
}

function runCases(instrumented: Instrumented, problems: string[]): Totals {
  const totals = { functions: 0, runs: 0, events: 0 };
  const passed = new Set<number>();
  printRow("function", "events a run", "runs", "traces");
  for (const [name, secrets] of Object.entries(cases)) {
    if (!instrumented.exports.includes(name)) continue;
    const result = compareTraces(instrumented, secrets());
    const reason = complaint(name, result, instrumented);
    printRow(name, String(result.events), String(result.runs), reason === undefined ? "identical" : "DIFFERENT");
    if (reason !== undefined) problems.push(reason);
    totals.functions += 1;
    totals.runs += result.runs;
    totals.events += result.events * result.runs;
    for (const site of result.passed) passed.add(site);
  }
  for (const [name, reason] of Object.entries(publicOnly)) printRow(name, "", "", `public only: ${reason}`);
  return { ...totals, passed };
}

/** What is wrong with a case, if anything. */
function complaint(name: string, result: Comparison, instrumented: Instrumented): string | undefined {
  if (result.leak !== undefined) return describeLeak(name, result.leak, instrumented);
  if (!result.entered.has(name)) return `The case of '${name}' never calls it.`;
  if (result.runs < SECRETS_MIN) return `'${name}' ran over ${result.runs} secrets only.`;
  return undefined;
}

function describeLeak(name: string, leak: NonNullable<Comparison["leak"]>, { sites }: Instrumented): string {
  const names = functionNames();
  const describe = (event: TraceEvent | undefined): string => {
    if (event === undefined) return "the end of the trace";
    const site = sites[event.site];
    const place = names[Number(site?.function.slice(1))] ?? site?.function;
    return `${site?.kind} ${event.value} in ${place}: ${site?.text}`;
  };
  const { event, expected, found } = leak.divergence;
  return [
    `'${name}' leaks: event ${event} differs.`,
    `  with the secret '${leak.reference}': ${describe(expected)}`,
    `  with the secret '${leak.secret}': ${describe(found)}`,
  ].join("\n");
}

/** The functions' names in source, in their order in the module, when the build has left its text. */
function functionNames(): string[] {
  const text = new URL("../../kernel/dist/kernel.wat", import.meta.url);
  if (!existsSync(text)) return [];
  return [...readFileSync(text, "utf8").matchAll(/^ \(func \$(\S+)/gm)].map((match) => match[1] ?? "");
}

function runMutants(module: ReturnType<typeof disassemble>, problems: string[]): number {
  let caught = 0;
  console.log();
  printRow("mutant", "at event", "runs", "verdict");
  for (const mutant of mutants) {
    const { leak, runs } = runMutant(module, mutant, cases[mutant.export]?.() ?? []);
    const right = (leak !== undefined) === mutant.leaks;
    const verdict = mutant.leaks ? (right ? "caught" : "SURVIVED") : right ? "clean, as it should be" : "FALSE ALARM";
    printRow(mutant.name, leak === undefined ? "" : String(leak.divergence.event), String(runs), verdict);
    if (!right) problems.push(`The mutant '${mutant.name}': ${verdict}.`);
    if (mutant.leaks && right) caught += 1;
  }
  return caught;
}

/** Mistakes that are compiled, each of which its traces, its answers or its leaves must give away. */
async function runSourceMutants(problems: string[]): Promise<number> {
  let caught = 0;
  console.log();
  const tried = [
    ...sourceMutants.map((mutant) => ({ mutant, tell: whatTells })),
    ...mapMutants.map((mutant) => ({ mutant, tell: whatTellsMap })),
  ];
  for (const { mutant, tell } of tried) {
    const reason = await tell(mutant);
    console.log(`${mutant.name.padEnd(50)} ${reason === undefined ? "SURVIVED" : `caught by ${reason}`}`);
    if (reason === undefined) problems.push(`The mutant '${mutant.name}' survived.`);
    else caught += 1;
  }
  return caught;
}

function printRow(name: string, events: string, runs: string, verdict: string): void {
  console.log(`${name.padEnd(50)} ${events.padStart(12)} ${runs.padStart(6)}  ${verdict}`);
}
