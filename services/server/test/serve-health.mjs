// A process that serves the health service until SIGTERM, on the built packages. Prints its port, then for each line of
// stdin its memory and its connections. Ping takes as many milliseconds as it gets bytes.
import { createInterface } from "node:readline";
import { Health } from "@fogbow/core-wire";
import { COMMON_LIMITS, createLog, createMetrics, serve, serveService } from "../dist/index.js";

const metrics = createMetrics();
const health = serveService(Health, COMMON_LIMITS.health, {
  check: () => ({ status: 1 }),
  ping: async ({ data }) => {
    if (data.length > 0) await new Promise((resolve) => setTimeout(resolve, data.length));
    return { data };
  },
});
const server = await serve(
  { listen: { host: "127.0.0.1", port: 0 }, services: [health] },
  { log: createLog({ name: "child" }), metrics, now: Date.now },
);
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
print({ port: server.port });
createInterface({ input: process.stdin }).on("line", async () => {
  globalThis.gc?.();
  const [{ value = 0 } = {}] = (await metrics.connections.get()).values;
  print({ rss: process.memoryUsage().rss, connections: value });
});
process.once("SIGTERM", async () => {
  await server.close();
  process.exit(0);
});
