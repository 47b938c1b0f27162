// `fogbow fog ingest-admin …`: what an operator tells an ingest server (spec 03 §2.11). One JSON object on stdout, nothing else.
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { CodedError, fromHex, toHex } from "@fogbow/core-bytes";
import { AccountIngestAPI, IngestControllerMode, type IngestSummary } from "@fogbow/core-wire";
import { parseServiceUri, serviceClient } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import type { Surroundings } from "../surroundings.ts";
import { INGEST_ADMIN_MS_MAX, INGEST_ANSWER_BYTES_MAX, UNREACHABLE_MS_MAX } from "./limits.ts";

/** What every question to an ingest server takes. */
interface AdminOptions {
  readonly uri: string;
  readonly chainId: string;
}

type Admin = Client<typeof AccountIngestAPI>;

/** A server that cannot be reached is asked again this often. */
const RETRY_MS = 250;

/** Adds the commands. */
export function addIngestAdminCommand(fog: Command, { stdout, env }: Surroundings): void {
  const admin = fog
    .command("ingest-admin")
    .description("direct an ingest server; a server that cannot be reached is asked again for 10 seconds")
    .option("-u, --uri <uri>", "the server, such as insecure-fog-ingest://127.0.0.1:3221/ (MC_URI)")
    .option("--chain-id <id>", "name of the chain, which the server is told (MC_CHAIN_ID)");
  const add = (name: string, description: string, run: (admin: Admin, ...args: never[]) => Promise<object>): Command =>
    admin
      .command(name)
      .description(description)
      .action(async (...args: readonly unknown[]) => {
        const { uri = env.MC_URI ?? "", chainId = env.MC_CHAIN_ID ?? "" } = admin.opts<Partial<AdminOptions>>();
        // Commander gives the arguments, then the options, then the command itself.
        const facts = await asked({ uri, chainId }, (client) => run(client, ...(args as never[])));
        stdout.write(`${JSON.stringify(facts)}\n`);
      });
  add("get-status", "how the server is doing", async (client) => summary(await client.getStatus({})));
  add("new-keys", "give an idle server new ingress and egress keys", async (client) =>
    summary(await client.newKeys({})),
  );
  add("set-peers", "name all servers that share the key, this one included", async (client, uris: string[]) =>
    summary(await client.setPeers({ ingestPeerUris: uris })),
  ).argument("[uris...]", "such as insecure-igp://127.0.0.1:8090/");
  add(
    "set-pubkey-expiry-window",
    "how many blocks past the next one a report promises; lowered only while idle",
    async (client, blocks: string) =>
      summary(await client.setPubkeyExpiryWindow({ pubkeyExpiryWindow: wholeNumber(blocks, "blocks") })),
  ).argument("<blocks>", "number of blocks");
  add("activate", "publish a report and scan blocks from now on", async (client) => summary(await client.activate({})));
  add(
    "retire",
    "publish no report with the server's key any more; what was promised is still scanned",
    async (client) => summary(await client.retire({})),
  );
  add(
    "unretire",
    "publish reports again; a key whose blocks are all scanned stays unused until a server that has it is activated",
    async (client) => summary(await client.unretire({})),
  );
  add(
    "report-lost-ingress-key",
    "say that no server has a key any more: what it promised counts as missed",
    async (client, { key }: { readonly key: string }) => {
      await client.reportLostIngressKey({ key: { data: keyBytes(key) } });
      return {};
    },
  ).requiredOption("-k, --key <hex>", "the key, 64 digits");
  add("get-missed-block-ranges", "blocks that were promised and never scanned", async (client) => {
    const { missedBlockRanges } = await client.getMissedBlockRanges({});
    return missedBlockRanges.map(({ startBlock, endBlock }) => ({
      start_block: shown(startBlock),
      end_block: shown(endBlock),
    }));
  });
  add("sync-keys-from-remote", "take over the key of another server", async (client, peerUri: string) =>
    summary(await client.syncKeysFromRemote({ peerUri })),
  ).argument("<uri>", "such as insecure-igp://127.0.0.1:8090/");
  add(
    "get-ingress-public-key-records",
    "ingress keys of the recovery database",
    async (client, options: RecordOptions) => {
      const { records } = await client.getIngressKeyRecords({
        startBlockAtLeast: wholeNumber(options.startBlockAtLeast, "--start-block-at-least"),
        shouldIncludeLostKeys: options.shouldIncludeLostKeys === true,
        shouldIncludeRetiredKeys: options.shouldIncludeRetiredKeys === true,
        shouldOnlyIncludeUnexpiredKeys: options.shouldOnlyIncludeUnexpiredKeys === true,
      });
      return records.map((record) => ({
        ingress_public_key: toHex(record.ingressPublicKey?.data ?? new Uint8Array(0)),
        start_block: shown(record.startBlock),
        pubkey_expiry: shown(record.pubkeyExpiry),
        retired: record.retired,
        lost: record.lost,
        last_scanned_block: shown(record.lastScannedBlock),
      }));
    },
  )
    .option("-s, --start-block-at-least <index>", "keys that start at this block or later", "0")
    .option("-l, --should-include-lost-keys", "lost keys too")
    .option("-r, --should-include-retired-keys", "retired keys too")
    .option("-u, --should-only-include-unexpired-keys", "only keys that still have blocks to scan");
  withExamples(admin, [
    ["fogbow fog ingest-admin -u insecure-fog-ingest://127.0.0.1:3221/ get-status", "how one is doing"],
    ["fogbow fog ingest-admin -u insecure-fog-ingest://127.0.0.1:3221/ activate", "let it scan"],
  ]);
}

interface RecordOptions {
  readonly startBlockAtLeast: string;
  readonly shouldIncludeLostKeys?: boolean;
  readonly shouldIncludeRetiredKeys?: boolean;
  readonly shouldOnlyIncludeUnexpiredKeys?: boolean;
}

/** Asks, and asks again for a while when there is nobody to answer. */
async function asked({ uri, chainId }: AdminOptions, ask: (client: Admin) => Promise<object>): Promise<object> {
  if (uri === "") throw new CommandError("invalid-argument", "--uri is missing.");
  const connection = serviceClient(parseServiceUri(uri, "fog-ingest"), {
    chainId,
    timeoutMs: INGEST_ADMIN_MS_MAX,
    answerBytesMax: INGEST_ANSWER_BYTES_MAX,
  });
  const client = createClient(AccountIngestAPI, connection.transport);
  const end = performance.now() + UNREACHABLE_MS_MAX;
  try {
    for (;;) {
      try {
        return await ask(client);
      } catch (error) {
        if (!isUnreachable(error) || performance.now() >= end) throw readable(error);
      }
      await sleep(RETRY_MS);
    }
  } finally {
    connection.close();
  }
}

/** A server that refuses says why; one that is not there, or is about to go, is worth another try. */
function isUnreachable(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Unavailable;
}

function readable(error: unknown): unknown {
  if (error instanceof CodedError || !(error instanceof ConnectError)) return error;
  return new CommandError("ingest-refused", `${error.rawMessage} (${Code[error.code]})`);
}

/** A server's summary, with the names of its message. */
function summary(status: IngestSummary): object {
  return {
    mode: status.mode === IngestControllerMode.Active ? "Active" : "Idle",
    next_block_index: shown(status.nextBlockIndex),
    pubkey_expiry_window: shown(status.pubkeyExpiryWindow),
    ingress_pubkey: toHex(status.ingressPubkey?.data ?? new Uint8Array(0)),
    egress_pubkey: toHex(status.egressPubkey),
    kex_rng_version: status.kexRngVersion,
    peers: status.peers,
    ingest_invocation_id: shown(status.ingestInvocationId),
  };
}

/** As a number where numbers of JSON can hold it, else as text. */
function shown(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function wholeNumber(text: string, name: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new CommandError("invalid-argument", `${name} is a whole number, not ${text}.`);
  return BigInt(text);
}

function keyBytes(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new CommandError("invalid-argument", "A key is 64 hexadecimal digits.");
  return fromHex(text);
}
