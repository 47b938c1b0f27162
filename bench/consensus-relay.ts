// A process between nodes: every connection that it takes goes on to another port of this machine, and what passes is held
// back in each direction for a time of its own, uniform between two bounds, without changing the order. The parent sends
// what to relay and is told the ports; the process ends with its parent.

import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What the parent sends: where each relay leads, and how long it holds back what passes. */
export interface RelayPlan {
  readonly targets: readonly number[];
  readonly delayMs: { readonly min: number; readonly max: number };
}

const HOST = "127.0.0.1";

if (process.send !== undefined) {
  process.once("message", async (plan: RelayPlan) => {
    const servers = await Promise.all(plan.targets.map((target) => relayTo(target, plan.delayMs)));
    process.send?.(servers.map((server) => (server.address() as AddressInfo).port)); // It listens on a port.
  });
  process.once("disconnect", () => process.exit());
}

async function relayTo(port: number, delayMs: RelayPlan["delayMs"]): Promise<Server> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: HOST, port, noDelay: true });
    passOn(near, far, delayMs);
    passOn(far, near, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return server;
}

/** Each piece arrives after a delay of its own, and never before the one sent earlier. */
function passOn(from: Socket, to: Socket, { min, max }: RelayPlan["delayMs"]): void {
  const waiting: { readonly at: number; readonly deliver: () => void }[] = [];
  let lastAt = 0;
  let isScheduled = false;
  const pump = (): void => {
    isScheduled = false;
    const now = performance.now();
    while (waiting[0] !== undefined && waiting[0].at <= now) waiting.shift()?.deliver();
    schedule();
  };
  const schedule = (): void => {
    const [first] = waiting;
    if (first === undefined || isScheduled) return;
    isScheduled = true;
    setTimeout(pump, Math.max(0, first.at - performance.now()));
  };
  const later = (deliver: () => void): void => {
    lastAt = Math.max(lastAt, performance.now() + min + Math.random() * (max - min));
    waiting.push({ at: lastAt, deliver });
    schedule();
  };
  from.on("data", (piece) => later(() => to.write(piece)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.destroy()));
}
