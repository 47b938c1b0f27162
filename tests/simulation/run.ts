// npm run sim -- --seeds A..B: simulates the networks of these seeds and prints what happened.
import { parseArgs } from "node:util";
import { runSeeds, USAGE } from "./run-seeds.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    nodes: { type: "string" },
    minutes: { type: "string" },
    replay: { type: "string" },
    json: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await runSeeds(values, console.log);
