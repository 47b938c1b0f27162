// T-OSC-6 by the messages themselves: whatever a wallet sends or is sent outside an attested message is on this list, so that no
// field can be added without somebody saying why it is no secret.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DescMessage, DescService } from "@bufbuild/protobuf";
import * as wire from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";

/** Every service that wallets call: Fog's, and a node's. */
const SERVICES: readonly DescService[] = [
  wire.FogViewAPI,
  wire.FogViewRouterAPI,
  wire.FogKeyImageAPI,
  wire.LedgerAPI,
  wire.FogMerkleProofAPI,
  wire.OutputLookupAPI,
  wire.FogBlockAPI,
  wire.ReportAPI,
  wire.AttestedApi,
  wire.ConsensusClientAPI,
  wire.BlockchainAPI,
  wire.WatchAPI,
];

/** What only governors call, and what no wallet of ours does: governors are public. */
const NOT_OF_WALLETS = ["ProposeMintConfigTx", "ProposeMintTx", "GetNodeConfig"];

/** Nothing in them is in the clear but a handshake, ciphertext, and additional data that {@link PLAIN_AAD} lists. */
const SEALED = ["attest.AuthMessage", "attest.Message"];

/** The public ledger: headers of blocks, and outputs as they are in blocks, where amounts are masked. */
const PUBLIC = ["external.TxOut", "blockchain.Block", "blockchain.BlockSignature"];

/**
 * All the rest, by method: which blocks everybody missed, and what everybody is told; of a payment the verdict, and by its hash,
 * of which nothing in it can be learned, what became of it.
 */
const PLAIN: readonly string[] = [
  "FogBlockAPI.GetBlocks > ranges.start_block",
  "FogBlockAPI.GetBlocks > ranges.end_block",
  "FogBlockAPI.GetBlocks < blocks.index",
  "FogBlockAPI.GetBlocks < blocks.global_txo_count",
  "FogBlockAPI.GetBlocks < blocks.timestamp",
  "FogBlockAPI.GetBlocks < blocks.timestamp_result_code",
  "FogBlockAPI.GetBlocks < num_blocks",
  "FogBlockAPI.GetBlocks < global_txo_count",
  "BlockchainAPI.GetLastBlockInfo < index",
  "BlockchainAPI.GetLastBlockInfo < mob_minimum_fee",
  "BlockchainAPI.GetLastBlockInfo < minimum_fees",
  "BlockchainAPI.GetLastBlockInfo < network_block_version",
  "BlockchainAPI.GetBlocks > offset",
  "BlockchainAPI.GetBlocks > limit",
  "ConsensusClientAPI.ClientTxPropose < result",
  "ConsensusClientAPI.ClientTxPropose < block_count",
  "ConsensusClientAPI.ClientTxPropose < block_version",
  "ConsensusClientAPI.ClientTxPropose < err_msg",
  "WatchAPI.WatchTx > tx_hash",
  "WatchAPI.WatchTx > tombstone_block",
  "WatchAPI.WatchTx < state",
  "WatchAPI.WatchTx < block_index",
  "WatchAPI.WatchBlocks > from_index",
];

/** What a query shows its host beside the ciphertext: from which event and which block on the wallet needs to know. */
const PLAIN_AAD = ["start_from_user_event_id", "start_from_block_index"];

/** Paths of fields in the clear. */
function plainFields(message: DescMessage, path: readonly string[] = []): string[] {
  if ([...SEALED, ...PUBLIC].includes(message.typeName)) return [];
  return message.fields.flatMap((field) =>
    field.message === undefined ? [[...path, field.name].join(".")] : plainFields(field.message, [...path, field.name]),
  );
}

/** Of each method what it sends, with >, and what it is sent, with <. */
function plainFieldsOf(service: DescService): string[] {
  const methods = service.methods.filter(({ name }) => !NOT_OF_WALLETS.includes(name));
  return methods.flatMap(({ name, input, output }) => {
    const [, short] = /([^.]+)$/.exec(service.typeName) ?? [];
    return [
      ...plainFields(input).map((path) => `${short}.${name} > ${path}`),
      ...plainFields(output).map((path) => `${short}.${name} < ${path}`),
    ];
  });
}

test("outside attested messages there is only what everybody may know", () => {
  const found = SERVICES.flatMap(plainFieldsOf).filter((path) => !path.startsWith("ReportAPI.GetReports < "));
  expect(found.sort()).toEqual([...PLAIN].sort());
});

test("who fetches reports sends nothing at all", () => {
  expect(plainFieldsOf(wire.ReportAPI).filter((path) => path.includes(" > "))).toEqual([]);
});

test("beside its ciphertext a query shows two counters", () => {
  expect(plainFields(wire.QueryRequestAADSchema)).toEqual(PLAIN_AAD);
});

test("a field that is added is found", () => {
  // The lookup in the open that senders have, which no wallet of ours calls, carries the public key of an output.
  expect(plainFieldsOf(wire.FogUntrustedTxOutApi)).toContain("FogUntrustedTxOutApi.GetTxOuts > tx_out_pubkeys.data");
  expect(plainFields(wire.CheckKeyImagesRequestSchema)).toContain("queries.key_image.data");
});

describe("the sources of our wallet", () => {
  const folder = fileURLToPath(new URL("../../wallets/sdk/src", import.meta.url));
  const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");

  test("call no service that is not on the list", () => {
    const services = Object.entries(wire).filter(([name, value]) => isService(value) && text.includes(name));
    const listed = SERVICES.map(({ typeName }) => typeName);
    expect(
      services.map(([, value]) => (value as DescService).typeName).filter((name) => !listed.includes(name)),
    ).toEqual([]);
    expect(services.length).toBeGreaterThan(4);
  });

  test("call no method of governors", () => {
    expect(NOT_OF_WALLETS.filter((name) => text.includes(`.${name[0]?.toLowerCase()}${name.slice(1)}`))).toEqual([]);
    expect(text).toContain(".clientTxPropose");
  });

  test("do not mention the lookup of outputs in the open", () => {
    expect(text).not.toMatch(/UntrustedTxOut|GetTxOuts|TxOutRequestSchema/);
    expect(text).toContain("OutputLookupAPI");
  });
});

function isService(value: unknown): value is DescService {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "service";
}
