// Prints the bounds of every RPC into docs/limits.md, from the tables that the servers themselves read. With `--check` it
// prints nothing and fails when the page says something else.
import { readFileSync, writeFileSync } from "node:fs";
import { COMMON_LIMITS, COMMON_SERVICES, type RpcLimits } from "../services/server/src/rpc-limits.ts";

const PAGE = new URL("../docs/limits.md", import.meta.url);
const [BEGIN, END] = ["<!-- rpc-limits -->", "<!-- /rpc-limits -->"];

const page = readFileSync(PAGE, "utf8");
const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
if (before < 0 || after < before) throw new Error(`docs/limits.md has ${BEGIN} and ${END} around its table of RPCs.`);
const right = `${page.slice(0, before + BEGIN.length)}\n${table()}\n${page.slice(after)}`;
if (!process.argv.includes("--check")) writeFileSync(PAGE, right);
else if (page !== right) throw new Error("docs/limits.md is out of date: run `npx tsx scripts/print-limits.ts`.");

function table(): string {
  const names = Object.keys(COMMON_LIMITS) as (keyof typeof COMMON_LIMITS)[]; // Its own.
  const rows = names.flatMap((name) => {
    const limits: Readonly<Record<string, RpcLimits>> = COMMON_LIMITS[name];
    return COMMON_SERVICES[name].methods.map((method) => {
      const { requestBytesMax, responseBytesMax, deadlineMs, concurrencyMax, queueMax } = limits[
        method.localName
      ] as RpcLimits; // One each.
      const cells = [requestBytesMax, responseBytesMax, deadlineMs, concurrencyMax, queueMax].map(spaced);
      return `| \`${method.parent.typeName}/${method.name}\` | ${cells.join(" | ")} |`;
    });
  });
  const head = "| RPC | request bytes | response bytes | deadline, ms | at one time | waiting |";
  return [head, "|---|---|---|---|---|---|", ...rows].join("\n");
}

/** Groups digits by three, as the page does everywhere. */
function spaced(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}
