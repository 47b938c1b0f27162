// A PostgreSQL server for tests: the one that TEST_DATABASE_URL names, or one of our own in a temporary folder, of whatever
// PostgreSQL is installed here.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

/** A running server. */
export interface TestServer {
  /** Its URL, without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 20_000;

/** Starts a server, or says in a sentence why there is none. */
export async function startPostgres(): Promise<TestServer | string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) return { url: given.replace(/\/+$/, ""), stop: async () => undefined };
  const binaries = findBinaries();
  if (binaries === undefined) return "neither is TEST_DATABASE_URL set, nor is PostgreSQL installed here";
  const account = unprivileged();
  if (account === undefined) return "PostgreSQL refuses to run as root, and there is no other account for it here";
  const folder = mkdtempSync(join(tmpdir(), "fogbow-postgres-"));
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const made = spawnSync(
    join(binaries, "initdb"),
    ["-D", join(folder, "data"), "-U", "fogbow", "-A", "trust", "--no-sync"],
    account,
  );
  if (made.status !== 0) return `initdb failed: ${made.stderr}`;
  const port = await freePort();
  const settings = [
    "-c",
    "fsync=off",
    "-c",
    `unix_socket_directories=${folder}`,
    "-h",
    "127.0.0.1",
    "-p",
    String(port),
  ];
  const server = spawn(join(binaries, "postgres"), ["-D", join(folder, "data"), ...settings], {
    ...account,
    stdio: "ignore",
  });
  const url = `postgres://fogbow@127.0.0.1:${port}`;
  await ready(url, server);
  return {
    url,
    stop: async () => {
      if (server.exitCode === null) {
        server.kill("SIGINT"); // A fast shutdown: sessions are ended.
        await once(server, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder with `initdb` and `postgres`: on the path, or where Debian has them. */
function findBinaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((each) => join(debian, each, "bin")), ...(process.env.PATH ?? "").split(":")];
  return folders.find((each) => existsSync(join(each, "initdb")) && existsSync(join(each, "postgres")));
}

/** As whom to run it: as oneself, or as `postgres` for root. */
function unprivileged(): { uid?: number; gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (flag: string): number =>
      Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("A listening socket has a port.");
  return address.port;
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    const client = new Client({ connectionString: `${url}/postgres` });
    try {
      await client.connect();
      return await client.end();
    } catch (cause) {
      if (server.exitCode !== null || performance.now() > until)
        throw new Error("PostgreSQL does not start.", { cause });
      await pause(100);
    }
  }
}
