// A wallet's balance over attested RPCs on loopback, from view and ledger as they are shipped: found from nothing but keys, and asked for
// again when nothing is new, beside how large the ledger is.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openRecoveryDb } from "@fogbow/recovery-db";
import { FogAccount, FogLedgerClient, FogViewClient } from "@fogbow/sdk";
import { parseServiceUri, type ServiceUri, serviceClient } from "@fogbow/server";
import { ByteMeter } from "../byte-meter.ts";
import { count, type Figure, rounded, summary } from "../measure.ts";
import { deployLedger, type Ends, RESPONDER } from "./ledger-figures.ts";
import { deployView } from "./view-figures.ts";
import { BLOCK_RECORDS, fillRecords, type Recipient } from "./view-records.ts";

const [SMALL, LARGE] = [1_000, 100_000];
const [FEW, MANY] = [10, 1_000];
const RESTORES = 5;
const POLLS = { warmUp: 20, counted: 200 };
const PORT = 20_000 + (process.pid % 20_000);
/** Of the roles, for as many outputs. */
const CAPACITY = 2 ** 17;
const LIMITS = { restoreMs: 5_000, growth: 1.1 };
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** Reports `restore-1000`, and of a balance that has nothing new, milliseconds and bytes by the ledger's size. Some two minutes. */
export async function walletFigures(report: (figure: Figure) => void): Promise<void> {
  await withFog({ outputs: SMALL, own: MANY, port: PORT }, async (fog) => report(await restored(fog)));
  await withFog({ outputs: SMALL, own: FEW, port: PORT + 10 }, (small) =>
    withFog({ outputs: LARGE, own: FEW, port: PORT + 20 }, async (large) => {
      for (const figure of await balances([small, large])) report(figure);
    }),
  );
}

/** A Fog, and a wallet of whose outputs it has records. */
interface Fog {
  readonly recipient: Recipient;
  readonly own: number;
  /** A wallet that knows nothing yet, with sessions of its own. */
  readonly wallet: () => FogAccount;
  /** That have passed between wallets and this Fog. */
  readonly bytes: () => number;
}

async function withFog(
  { outputs, own, port }: { readonly outputs: number; readonly own: number; readonly port: number },
  use: (fog: Fog) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fogbow-bench-"));
  const ends: Ends = [() => rm(folder, { recursive: true })];
  try {
    const db = await openRecoveryDb({ folder: join(folder, "database") });
    ends.push(() => db.close());
    await db.migrate();
    const recipient = await fillRecords(db, outputs, own);
    const view = await deployView(db, { records: outputs, port }, ends);
    const size = { capacity: CAPACITY, outputs, outputsPerBlock: BLOCK_RECORDS };
    const ledger = await deployLedger({ folder: join(folder, "ledger"), port: port + 2, ...size }, ends);
    const meters = await Promise.all([port + 1, ledger.port].map((each) => ByteMeter.before(each)));
    for (const meter of meters) ends.push(() => meter.close());
    const [toView, toLedger] = meters.map((meter, i) => {
      const scheme = i === 0 ? "fog-view" : "fog-ledger";
      return connect(parseServiceUri(`insecure-${scheme}://127.0.0.1:${meter.port}/`, scheme), ends);
    });
    if (toView === undefined || toLedger === undefined) throw new Error("There are two.");
    const parts = { verify: () => ({}), random, now: Date.now, wait: async (ms: number) => void (await sleep(ms)) };
    const wallet = (): FogAccount =>
      new FogAccount(
        { account: recipient.account },
        {
          view: new FogViewClient({ responderId: view.responderId }, { ...parts, transport: toView }),
          ledger: new FogLedgerClient({ responderId: RESPONDER }, { ...parts, transport: toLedger }),
          random,
        },
      );
    await use({ recipient, own, wallet, bytes: () => meters.reduce((sum, { bytes }) => sum + bytes, 0) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function connect(uri: ServiceUri, ends: Ends): ReturnType<typeof serviceClient>["transport"] {
  const { transport, close } = serviceClient(uri, { timeoutMs: 30_000, answerBytesMax: 16_777_216 });
  ends.push(close);
  return transport;
}

/** Polls until everything is known. Throws when that is not what was put there. */
async function found({ own }: Fog, wallet: FogAccount): Promise<void> {
  for (;;) {
    const { errors } = await wallet.poll();
    const isUnfinished = errors.some((error) => (error as { readonly code?: string }).code === "search-unfinished");
    if (errors.length > 0 && !isUnfinished) throw errors[0];
    if (errors.length === 0) break;
  }
  if (wallet.spendable.length !== own) throw new Error(`The wallet has found ${wallet.spendable.length} outputs.`);
}

/** From nothing but keys to a balance of a thousand outputs, sessions included. */
async function restored(fog: Fog): Promise<Figure> {
  const times: number[] = [];
  const bytes: number[] = [];
  for (let i = 0; i < RESTORES; i++) {
    const before = fog.bytes();
    const start = performance.now();
    await found(fog, fog.wallet());
    times.push(performance.now() - start);
    bytes.push(fog.bytes() - before);
  }
  const details = { outputs: MANY, kilobytes: Math.round(summary("bytes", "bytes", bytes).p50 / 1_000) };
  return { ...summary("restore-1000", "ms", times), limit: LIMITS.restoreMs, details };
}

/** A balance of ten outputs with nothing new, of both ledgers in turn. */
async function balances(fogs: readonly Fog[]): Promise<readonly Figure[]> {
  const sides = await Promise.all(
    fogs.map(async (fog) => {
      const wallet = fog.wallet();
      await found(fog, wallet);
      return { fog, wallet, times: [] as number[], bytes: [] as number[] };
    }),
  );
  for (let i = -POLLS.warmUp; i < POLLS.counted; i++) {
    for (const { fog, wallet, times, bytes } of sides) {
      const before = fog.bytes();
      const start = performance.now();
      await found(fog, wallet);
      if (i < 0) continue;
      times.push(performance.now() - start);
      bytes.push(fog.bytes() - before);
    }
  }
  const figures = sides.map(({ times, bytes }, i) => ({
    ms: summary(`balance-10-of-${[SMALL, LARGE][i]}`, "ms", times),
    bytes: summary(`balance-10-of-${[SMALL, LARGE][i]}-bytes`, "bytes", bytes),
  }));
  const [small, large] = figures;
  if (small === undefined || large === undefined) throw new Error("There are two.");
  const grown = (name: string, of: "ms" | "bytes"): Figure => ({
    ...count(name, "×", rounded(large[of].p50 / small[of].p50)),
    limit: LIMITS.growth,
  });
  return [
    ...figures.flatMap(({ ms, bytes }) => [ms, bytes]),
    grown("balance-growth", "ms"),
    grown("balance-bytes-growth", "bytes"),
  ];
}
