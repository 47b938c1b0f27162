// Wallets that tests drive over gRPC: what they answer while Fog fails, and how they are numbered, kept and ended.
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, type ConnectError, createClient } from "@connectrpc/connect";
import { accountKeyFromMnemonic } from "@fogbow/core-account";
import { createPolicy } from "@fogbow/core-attest";
import { Health, RemoteWalletApi } from "@fogbow/core-wire";
import { SdkError, type ViewAnswer } from "@fogbow/sdk";
import { createLog, createMetrics, parseServiceUri, serve, serviceClient } from "@fogbow/server";
import { afterAll, expect, test } from "vitest";
import { FogAccess } from "../src/client/fog-access.ts";
import { main } from "../src/main.ts";
import type { Signal } from "../src/surroundings.ts";
import { DrivenWallet, type FogServices } from "../src/wallet/driven-wallet.ts";
import { RemoteWallets } from "../src/wallet/remote-wallet-service.ts";
import { run } from "./run-command.ts";

const MNEMONIC = `${"abandon ".repeat(11)}about`;
const nothing: ViewAnswer = {
  blockCount: 0n,
  nextEventCursor: 0n,
  missedRanges: [],
  rngs: [],
  decommissions: [],
  results: [],
};
const statuses = (count: number) => Array.from({ length: count }, () => ({ kind: "not-spent" }) as const);

const ended: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ended) await end();
});

/** A Fog without any block whose view fails as often as it is told, and then answers. */
function emptyFog(...failures: SdkError[]): FogServices & { readonly closed: () => number } {
  let closed = 0;
  const close = (): void => {
    closed++;
  };
  return {
    view: {
      query: async () => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        return nothing;
      },
      close,
    },
    ledger: {
      checkKeyImages: async (images) => ({
        statuses: statuses(images.length),
        blockCount: 1n,
        txoCount: 1n,
        latestBlockVersion: 2,
        maxBlockVersion: 4,
      }),
      getBlocks: async () => ({ blocks: [], blockCount: 1n, txoCount: 1n }),
      close,
    },
    closed: () => closed,
  };
}

const wallet = (fog: FogServices): DrivenWallet => new DrivenWallet(accountKeyFromMnemonic(MNEMONIC, 0), fog);
const unreachable = (): SdkError => new SdkError("connection-failed", "The server answers: 502");

test("what may pass is tried again, and before the first block the balance is 0", async () => {
  const driven = wallet(emptyFog(unreachable(), new SdkError("authorization-failed", "no such session")));
  expect(await driven.check(new AbortController().signal)).toEqual({ balance: 0n, blockCount: 0n });
  expect(JSON.parse(driven.describe())).toMatchObject({ polls: 3, blockCount: "0", errors: [] });
});

test("no balance is answered of a poll that failed: in the end, what failed is told", async () => {
  const always = Array.from({ length: 1_000 }, unreachable);
  await expect(wallet(emptyFog(...always)).check(AbortSignal.timeout(500))).rejects.toMatchObject({
    code: "connection-failed",
  });
});

test("what no second try changes is told at once", async () => {
  const fog = emptyFog(new SdkError("attestation-failed", "no trusted enclave"));
  await expect(wallet(fog).check(AbortSignal.timeout(30_000))).rejects.toMatchObject({ code: "attestation-failed" });
});

/** A server of wallets in this process, and a client of it. */
async function serverOf(fog: ConstructorParameters<typeof RemoteWallets>[0]) {
  const wallets = new RemoteWallets(fog);
  const parts = { log: createLog({ name: "test", level: "silent" }), metrics: createMetrics(), now: Date.now };
  const server = await serve({ listen: { host: "127.0.0.1", port: 0 }, services: [wallets.service()] }, parts);
  const uri = parseServiceUri(`insecure-remote-wallet://127.0.0.1:${server.port}/`, "remote-wallet");
  const connection = serviceClient(uri, { timeoutMs: 30_000, answerBytesMax: 1_000_000 });
  ended.push(() => server.close());
  ended.push(() => connection.close());
  return { wallets, client: createClient(RemoteWalletApi, connection.transport) };
}

const codeOf = (asked: Promise<unknown>): Promise<Code> =>
  asked.then(
    () => Promise.reject(new Error("It was answered.")),
    (error: ConnectError) => error.code,
  );

test("100 wallets are kept until they are stopped or reset, by numbers in their order", async () => {
  const fogs: ReturnType<typeof emptyFog>[] = [];
  let resets = 0;
  const { client } = await serverOf({
    open: () => {
      const fog = emptyFog();
      fogs.push(fog);
      return fog;
    },
    close: () => {
      resets++;
    },
  });
  const request = { mnemonic: MNEMONIC, fogUri: "insecure-fog://localhost:8200", accountIndex: 0, chainId: "" };
  for (let i = 1; i <= 100; i++) {
    const { clientId, balance, blockCount } = await client.freshBalanceCheck({ ...request, accountIndex: i });
    expect([clientId, balance, blockCount]).toEqual([i, 0n, 0n]);
  }
  const told = await Promise.all([1, 50, 100].map((clientId) => client.debug({ clientId })));
  expect(told.map(({ debugInfo }) => JSON.parse(debugInfo).polls)).toEqual([1, 1, 1]);
  expect(await client.followupBalanceCheck({ clientId: 1 })).toMatchObject({ clientId: 1, balance: 0n });
  await client.stop({ clientId: 2 });
  expect(fogs.map(({ closed }) => closed()).slice(0, 3)).toEqual([0, 2, 0]);
  expect(await codeOf(client.followupBalanceCheck({ clientId: 2 }))).toBe(Code.InvalidArgument);
  await client.reset({});
  expect(resets).toBe(1);
  expect(fogs.every(({ closed }) => closed() === 2)).toBe(true);
  for (const clientId of [1, 100]) {
    expect(await codeOf(client.debug({ clientId }))).toBe(Code.InvalidArgument);
    expect(await codeOf(client.stop({ clientId }))).toBe(Code.InvalidArgument);
  }
  expect((await client.freshBalanceCheck(request)).clientId).toBe(101); // No number is given twice.
}, 240_000); // Each derives its keys from words, which is made to be slow.

test("a proxy that answers 502 and one that hangs up do not end the server, and the wallet takes no number", async () => {
  const asking = new AbortController();
  let requests = 0;
  const proxy = createServer();
  proxy.on("stream", (stream) => {
    if (++requests === 8) asking.abort();
    stream.on("error", () => undefined); // The client may leave first.
    if (requests % 2 === 0) return stream.session?.destroy();
    stream.respond({ ":status": 502, "content-type": "text/html" });
    stream.end("<h1>Bad gateway</h1>");
  });
  proxy.on("sessionError", () => undefined);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  ended.push(() => proxy.close());
  const policy = createPolicy({
    measurements: [
      {
        identity: {
          kind: "mr-enclave",
          mrEnclave: new Uint8Array(32),
          configAdvisories: [],
          hardeningAdvisories: [],
        },
      },
    ],
    platforms: ["simulated"],
  });
  const { client } = await serverOf(new FogAccess({ view: policy, ledger: policy }));
  const fogUri = `insecure-fog://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const asked = { mnemonic: MNEMONIC, fogUri, accountIndex: 0, chainId: "local" };
  expect([Code.Canceled, Code.Unavailable]).toContain(
    await codeOf(client.freshBalanceCheck(asked, { timeoutMs: 60_000, signal: asking.signal })),
  );
  expect(requests).toBeGreaterThanOrEqual(8); // The attempts of one poll, and those of the next.
  expect(await codeOf(client.debug({ clientId: 1 }))).toBe(Code.InvalidArgument);
});

test("words, URIs and numbers that are none are refused", async () => {
  const { client } = await serverOf({ open: () => emptyFog(), close: () => undefined });
  const right = { mnemonic: MNEMONIC, fogUri: "insecure-fog://localhost:8200", accountIndex: 0, chainId: "" };
  for (const wrong of [{ mnemonic: "no words" }, { fogUri: "http://localhost" }, { fogUri: "" }]) {
    expect(await codeOf(client.freshBalanceCheck({ ...right, ...wrong }))).toBe(Code.InvalidArgument);
  }
  expect(await codeOf(client.followupBalanceCheck({ clientId: 7 }))).toBe(Code.InvalidArgument);
});

test("the command serves until a signal ends it", async () => {
  const listeners = new Set<() => void>();
  let out = "";
  let exit: Promise<number> | undefined;
  const printed = new Promise<void>((resolve) => {
    exit = main(["wallet", "serve", "--listen-uri", "insecure-remote-wallet://127.0.0.1:0"], {
      stdout: {
        write: (text) => {
          out += text;
          resolve();
        },
      },
      stderr: { write: () => undefined },
      env: { FOGBOW_TRUST_SIMULATED: "1", FOGBOW_LOG_LEVEL: "error" },
      on: (_signal: Signal, listener) => listeners.add(listener),
      off: (_signal: Signal, listener) => listeners.delete(listener),
    });
  });
  await printed;
  const { role, client: port } = JSON.parse(out);
  expect(role).toBe("wallet");
  const uri = parseServiceUri(`insecure-remote-wallet://localhost:${port}/`, "remote-wallet");
  const connection = serviceClient(uri, { timeoutMs: 5_000, answerBytesMax: 100_000 });
  expect((await createClient(Health, connection.transport).check({ service: "" })).status).toBe(1);
  connection.close();
  const began = performance.now();
  for (const listener of [...listeners]) listener();
  expect(await exit).toBe(0);
  expect(performance.now() - began).toBeLessThan(1_500);
});

test("the command refuses what it cannot listen on", async () => {
  const { code, error } = await run(["wallet", "serve", "--listen-uri", "insecure-fog://127.0.0.1:0"]);
  expect([code, error]).toEqual([1, expect.stringContaining("remote-wallet://")]);
});
