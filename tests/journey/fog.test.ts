// One payment's way through Fog, with every role a process of its own: a block with hints, ingest, the recovery database, view
// and ledger, and a wallet that holds no ledger and finds it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { accountKeyFromIdentity, decodePublicAddress, parseKeyFile } from "@fogbow/core-account";
import { createEvidenceVerifier, createPolicy, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { MOB, toHex } from "@fogbow/core-bytes";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import { FogAccount, type FogClientParts, FogLedgerClient, FogViewClient, ReportResolver } from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, type Role, runCommand, startRole } from "./roles.ts";

const CHAIN_ID = "journey";
const FOUND_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), "fogbow-journey-"));
const at = (name: string): string => join(folder, name);
const ledgerPlaces = ["--ledger-db", at("ledger"), "--watcher-db", at("watcher")];
const roles: Role[] = [];
const clients: ServiceClient[] = [];
let ports: Readonly<Record<"report" | "ingest" | "peer" | "viewStore" | "view" | "imageStore" | "ledger", number>>;

/** Trusts an enclave of this build, on the simulated platform, which protects nobody. */
async function policyOf(name: string): Promise<Policy> {
  const bundle = fileURLToPath(new URL(`../../enclaves/runtime/dist/bundles/${name}`, import.meta.url));
  const identity = identityOf(measureBundle(await readBundle(bundle)));
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}

const random: FogClientParts["random"] = (length) => crypto.getRandomValues(new Uint8Array(length));

function transportTo(uri: string, ...schemes: string[]): ServiceClient["transport"] {
  const client = serviceClient(parseServiceUri(uri, ...schemes), {
    chainId: CHAIN_ID,
    timeoutMs: 10_000,
    answerBytesMax: 16_777_216,
  });
  clients.push(client);
  return client.transport;
}

async function partsFor(enclave: string): Promise<FogClientParts> {
  const policy = await policyOf(enclave);
  const verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
  return { verify, random, now: Date.now, wait: (ms) => sleep(ms) };
}

beforeAll(async () => {
  const [report, ingest, peer, viewStore, view, imageStore, ledger] = (await Promise.all(
    Array.from({ length: 7 }, freePort),
  )) as [number, number, number, number, number, number, number];
  ports = { report, ingest, peer, viewStore, view, imageStore, ledger };
  const chain = ["--chain-id", CHAIN_ID, "--log-level", "error"];
  await runCommand(["fog", "authority", "new", "--out", at("authority")]);
  const fogOf = [
    "--fog-report-url",
    `insecure-fog://localhost:${report}`,
    "--fog-authority-root",
    at("authority/root.pem"),
  ];
  await runCommand(["fog", "keys", "--num", "2", "--out", at("keys"), ...fogOf]);
  await runCommand(["fog", "test-ledger", "init", "--keys", at("keys"), ...ledgerPlaces]);

  const start = async (args: readonly string[]): Promise<Role> => {
    const role = await startRole(args);
    roles.push(role);
    return role;
  };
  const db = await start(["db", "serve", "--database-folder", at("db"), "--port", "0", "--json"]);
  const database = ["--database-url", db.facts.databaseUrl ?? ""];
  const signer = ["--signing-chain", at("authority/chain.pem"), "--signing-key", at("authority/key.pem")];
  await Promise.all([
    start([
      ...["fog", "ingest", "--client-listen-uri", `insecure-fog-ingest://127.0.0.1:${ingest}/`],
      ...["--peer-listen-uri", `insecure-igp://127.0.0.1:${peer}/`, "--state-file", at("ingest-state")],
      ...["--user-capacity", "4096", ...ledgerPlaces, ...database, ...chain],
    ]),
    start([
      "fog",
      "report",
      "--client-listen-uri",
      `insecure-fog://127.0.0.1:${report}/`,
      ...signer,
      ...database,
      ...chain,
    ]),
    start([
      ...["fog", "view-store", "--client-listen-uri", `insecure-fog-view-store://127.0.0.1:${viewStore}/`],
      ...["--omap-capacity", "4096", ...database, ...chain],
    ]),
    start([
      ...["fog", "view-router", "--client-listen-uri", `insecure-fog-view://127.0.0.1:${view}/`],
      ...["--client-responder-id", `localhost:${view}`],
      ...["--shard-uris", `insecure-fog-view-store://127.0.0.1:${viewStore}/?sharding_strategy=default`, ...chain],
    ]),
    start([
      ...["fog", "key-image-store", "--client-listen-uri", `insecure-key-image-store://127.0.0.1:${imageStore}/`],
      ...["--key-image-capacity", "4096", ...ledgerPlaces, ...chain],
    ]),
    start([
      ...["fog", "ledger-router", "--client-listen-uri", `insecure-fog-ledger://127.0.0.1:${ledger}/`],
      ...["--client-responder-id", `localhost:${ledger}`, "--output-capacity", "4096"],
      ...["--shard-uris", `insecure-key-image-store://127.0.0.1:${imageStore}/`, ...ledgerPlaces, ...chain],
    ]),
  ]);
  const admin = ["fog", "ingest-admin", "-u", `insecure-fog-ingest://127.0.0.1:${ingest}/`, "--chain-id", CHAIN_ID];
  await runCommand([...admin, "activate"]);
}, 180_000);

afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(roles.map((role) => role.stop()));
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("a payment is found, and its spending too, by a wallet that holds no ledger", async () => {
  const account = accountKeyFromIdentity(parseKeyFile(readFileSync(at("keys/account_keys_0.json"), "utf8")));
  const view = new FogViewClient(
    { responderId: `localhost:${ports.view}` },
    {
      ...(await partsFor("fog-view")),
      transport: transportTo(`insecure-fog-view://127.0.0.1:${ports.view}/`, "fog-view"),
    },
  );
  const ledger = new FogLedgerClient(
    { responderId: `localhost:${ports.ledger}` },
    {
      ...(await partsFor("fog-ledger")),
      transport: transportTo(`insecure-fog-ledger://127.0.0.1:${ports.ledger}/`, "fog-ledger"),
    },
  );
  const wallet = new FogAccount({ account }, { view, ledger, random });

  /** Polls until the block count is reached. Each balance on the way must be the one of its block count. */
  const until = async (blockCount: bigint): Promise<bigint> => {
    const deadline = Date.now() + FOUND_MS;
    for (;;) {
      const { balance, errors } = await wallet.poll();
      if (balance.blockCount >= blockCount) return balance.sums.get(MOB) ?? 0n;
      if (Date.now() > deadline)
        throw new Error(`at ${balance.blockCount} of ${blockCount}: ${errors.map(String).join("; ")}`);
      await sleep(100);
    }
  };

  const address = decodePublicAddress(Uint8Array.from(readFileSync(at("keys/account_keys_0.pub"))));
  const ingestPolicy = await policyOf("fog-ingest");
  const resolver = new ReportResolver({
    transportTo: (url) => transportTo(url, "fog"),
    verifyEvidence: createReportEvidenceVerifier({ policy: () => ingestPolicy, now: Date.now }),
    now: Date.now,
    chainId: CHAIN_ID,
  });
  const { ingressKey } = await resolver.resolve(address, { tombstoneBlock: 5n });

  const add = async (seed: number, block: object): Promise<readonly string[]> => {
    const keys = ["--keys", at("keys"), "--seed", `${seed}`, "--fog-pubkey", toHex(ingressKey)];
    const printed = await runCommand(
      ["fog", "test-ledger", "add-block", ...ledgerPlaces, ...keys],
      JSON.stringify(block),
    );
    return JSON.parse(printed).key_images;
  };
  const credits = [
    { account: 0, amount: 15 },
    { account: 1, amount: 100 },
    { account: 0, amount: 7 },
  ];
  const [first] = await add(1, { credits, key_images: [] });
  expect(await until(2n)).toBe(22n);
  expect(wallet.spendable).toHaveLength(2);

  await add(2, { credits: [{ account: 0, amount: 1 }], key_images: [first] });
  expect(await until(3n)).toBe(8n);

  // What a transaction needs: the outputs with their hints and proofs, in one tree.
  const indices = wallet.spendable.map(({ globalIndex }) => globalIndex);
  const { outputs } = await ledger.getOutputs(indices, { txoCount: wallet.txoCount });
  expect(outputs.map(({ txOut }) => txOut.publicKey)).toEqual(wallet.spendable.map(({ txOut }) => txOut.publicKey));
  const { places } = await ledger.lookupOutputs(outputs.map(({ txOut }) => txOut.publicKey));
  expect(places.map((place) => place?.globalIndex)).toEqual(indices);

  // The same from the command line, as a developer asks first.
  const printed = await runCommand([
    ...["fog", "balance", at("keys/account_keys_1.json"), "--view-uri", `insecure-fog-view://localhost:${ports.view}/`],
    ...[
      "--ledger-uri",
      `insecure-fog-ledger://localhost:${ports.ledger}/`,
      "--chain-id",
      CHAIN_ID,
      "--block-count",
      "3",
    ],
    ...["--trust-simulated", "--json"],
  ]);
  expect(JSON.parse(printed)).toEqual({ blockCount: "3", sums: { 0: "100" } });
}, 120_000);
