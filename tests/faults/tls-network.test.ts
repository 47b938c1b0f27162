// Nodes in processes of their own over TLS: they agree, and refuse to talk to whom their authority has not vouched for.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fogbow, freePortOffset, startFogbow } from "./run-fogbow.ts";

const NODES = 3;
const TIMEOUT_MS = 240_000; // What takes seconds takes minutes where many tests share two cores.
const root = mkdtempSync(join(tmpdir(), "fogbow-tls."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Status {
  readonly reachable: boolean;
  readonly state?: string;
  readonly blockCount?: string;
  readonly peers?: readonly { readonly hasChannel: boolean; readonly heardMsAgo?: string }[];
}

async function generate(name: string): Promise<{ readonly folder: string; readonly offset: string }> {
  const folder = join(root, name);
  const offset = await freePortOffset(NODES);
  const sizes = ["--accounts", "6", "--outputs", "8", "--port-offset", offset];
  const made = await fogbow("network", "generate", "--topology", "dense3", "--tls", "--out", folder, ...sizes);
  expect(made).toMatchObject({ code: 0, error: "" });
  return { folder, offset };
}

async function statusOf(folder: string): Promise<readonly Status[]> {
  const { out } = await fogbow("node", "status", folder, "--json");
  return (JSON.parse(out) as { readonly nodes: readonly Status[] }).nodes;
}

/** Whether a connection is made, trusting nobody but an authority; the system's where none is named. */
function isServed(port: number, ca: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`https://127.0.0.1:${port}`, ca === undefined ? {} : { ca });
    const end = (isThere: boolean): void => {
      session.destroy();
      resolve(isThere);
    };
    session.once("connect", () => end(true));
    session.once("error", () => end(false));
  });
}

test("three nodes agree on payments over TLS, to clients that trust their authority", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { folder, offset } = await generate("net");
  const network = await startFogbow("network", "run", folder, "--json");
  try {
    for (let i = 0; i < NODES; i++) {
      const accounts = ["--from", `${i}`, "--to", `${i + 1}`, "--node", `${i}`];
      const paid = await fogbow("network", "pay", folder, "1.5", ...accounts, "--json");
      expect(paid).toMatchObject({ code: 0, error: "" });
      for (;;) {
        const nodes = await statusOf(folder);
        if (nodes.every(({ blockCount }) => Number(blockCount) >= i + 2)) break;
      }
    }
    for (const { state, peers = [] } of await statusOf(folder)) {
      expect(state).toBe("in-sync");
      expect(peers.every(({ heardMsAgo }) => heardMsAgo !== undefined)).toBe(true);
    }
    const ca = readFileSync(join(folder, "ca.pem"), "utf8");
    for (const base of [3200, 3300, 3400]) {
      expect(await isServed(base + Number(offset), ca)).toBe(true);
      expect(await isServed(base + Number(offset), undefined)).toBe(false);
    }
  } finally {
    expect((await network.end("SIGTERM")).code).toBe(0);
  }
});

test("a node with a certificate of another authority is called by nobody", { timeout: TIMEOUT_MS }, async () => {
  const { folder } = await generate("net-with-stranger");
  const { folder: other } = await generate("other");
  for (const name of ["tls-chain.pem", "tls-key.pem"])
    copyFileSync(join(other, "node2", name), join(folder, "node2", name));
  const network = await startFogbow("network", "run", folder, "--json");
  try {
    const paid = await fogbow("network", "pay", folder, "1", "--from", "0", "--to", "1", "--node", "0", "--json");
    expect(paid).toMatchObject({ code: 0, error: "" }); // Two of three are enough.
    const [first, , stranger] = await statusOf(folder);
    expect(first?.peers?.map(({ hasChannel }) => hasChannel)).toEqual([true, false]);
    expect(stranger?.reachable).toBe(false); // To whoever trusts the network's authority.
  } finally {
    await network.end("SIGTERM");
  }
});
