// `fogbow fog ingest` and `fogbow fog ingest-admin` as an operator runs them: processes.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createLedger } from "@fogbow/ledger-db";
import { afterAll, expect, test } from "vitest";
import { User } from "../../services/fog-ingest/test/user.ts";
import { appendNext, contents, next } from "../../stores/ledger-db/test/chain.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-fog-ingest-"));
const program = fileURLToPath(new URL("../bin/fogbow.js", import.meta.url));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** What a process printed and how it ended. */
interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

async function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, error] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    error += data;
  });
  const [code] = await once(child, "close");
  return { code, out, error };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("a server is started, directed, and gone within a second of SIGTERM; what an operator reads is JSON", async () => {
  const ledgerFolder = join(folder, "ledger");
  const ledger = createLedger(ledgerFolder);
  const origin = appendNext(ledger);
  const [client, peer] = [await freePort(), await freePort()];
  const stateFile = join(folder, "state");
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(
      process.execPath,
      [
        program,
        ...["fog", "ingest", `--client-listen-uri=insecure-fog-ingest://localhost:${client}/`],
        ...["--peer-listen-uri", `insecure-igp://localhost:${peer}/`, "--ledger-db", ledgerFolder],
        ...["--watcher-db", join(folder, "watcher"), "--state-file", stateFile, "--chain-id", ""],
        ...["--database-folder", join(folder, "database"), "--user-capacity", "1024", "--fog-report-id="],
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.add(child);
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    expect(JSON.parse(line)).toEqual({ role: "fog-ingest", client, peer });
    return child;
  };
  const admin = async (...args: readonly string[]): Promise<unknown> => {
    const { code, out, error } = await run(
      "fog",
      "ingest-admin",
      "--uri",
      `insecure-fog-ingest://localhost:${client}/`,
      ...args,
    );
    expect({ code, error }).toEqual({ code: 0, error: "" });
    return JSON.parse(out);
  };

  let server = await start();
  expect(existsSync(stateFile)).toBe(true);
  const status = (await admin("get-status")) as { ingress_pubkey: string };
  expect(status).toMatchObject({ mode: "Idle", next_block_index: 0, pubkey_expiry_window: 10 });
  expect(status.ingress_pubkey).toMatch(/^[0-9a-f]{64}$/);
  expect(await admin("set-pubkey-expiry-window", "3")).toMatchObject({ mode: "Idle", pubkey_expiry_window: 3 });
  expect(await admin("activate")).toMatchObject({
    mode: "Active",
    next_block_index: 1,
    peers: [`insecure-igp://localhost:${peer}/`],
  });
  const outputs = [new User(1).pay(5n, undefined)];
  ledger.append(next(origin.block, ledger.root(), { ...contents(1, 0), outputs }));
  await expect.poll(() => admin("get-status"), { timeout: 20_000 }).toMatchObject({ next_block_index: 2 });
  const refused = await run("fog", "ingest-admin", "-u", `insecure-fog-ingest://localhost:${client}/`, "new-keys");
  expect(refused).toMatchObject({
    code: 1,
    out: "",
    error: "fogbow: The server is not idle. (FailedPrecondition) (ingest-refused)\n",
  });

  const stopped = performance.now();
  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
  expect(performance.now() - stopped).toBeLessThan(1_000);

  server = await start();
  await expect
    .poll(() => admin("get-status"), { timeout: 20_000 })
    .toMatchObject({ mode: "Active", next_block_index: 2 });
  expect(await admin("retire")).toMatchObject({ ingress_pubkey: status.ingress_pubkey });
  const [record] = (await admin("get-ingress-public-key-records", "-s", "0", "-l", "-r")) as object[];
  expect(record).toMatchObject({ ingress_public_key: status.ingress_pubkey, retired: true, last_scanned_block: 1 });
  expect(await admin("report-lost-ingress-key", "-k", status.ingress_pubkey)).toEqual({});
  expect(await admin("get-missed-block-ranges")).toEqual([{ start_block: 2, end_block: 4 }]);
  server.kill("SIGTERM");
  await once(server, "exit");
  await ledger.close();
}, 180_000);
