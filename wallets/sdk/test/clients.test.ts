import { Code, ConnectError } from "@connectrpc/connect";
import { membershipProofToWire, txOutToWire } from "@fogbow/core-transaction";
import {
  CheckKeyImagesRequestSchema,
  CheckKeyImagesResponseSchema,
  decodeMessage,
  encodeMessage,
  GetOutputsRequestSchema,
  GetOutputsResponseSchema,
  LookupOutputsRequestSchema,
  LookupOutputsResponseSchema,
  QueryRequestAADSchema,
  QueryRequestSchema,
  QueryResponseSchema,
} from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { FogLedgerClient, FogViewClient } from "../src/index.ts";
import { clientParts, FakeFog, RESPONDER_ID } from "./fake-fog.ts";
import { coin } from "./world.ts";

const LIMITS = { bytesMax: 1_000_000 };
const KEYS = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const QUESTION = { eventCursor: 5n, blockCountCursor: 6n, searchKeys: KEYS };

/** Answers each search key with the code, in the fixed form, the older one, or both. */
function answerWith(
  codes: readonly number[],
  { fixed = true, older = true } = {},
): (plaintext: Uint8Array) => Uint8Array {
  return (plaintext) => {
    const { getTxos } = decodeMessage(QueryRequestSchema, plaintext, LIMITS);
    const results = getTxos.map((searchKey, i) => ({ searchKey, resultCode: codes[i] ?? 2 }));
    return encodeMessage(QueryResponseSchema, {
      highestProcessedBlockCount: 9n,
      nextStartFromUserEventId: 7n,
      missedBlockRanges: [
        { startBlock: 1n, endBlock: 3n },
        { startBlock: 4n, endBlock: 4n },
      ],
      txOutSearchResults: older ? results.map((each) => ({ ...each, ciphertext: new Uint8Array(237).fill(8) })) : [],
      fixedTxOutSearchResults: fixed
        ? results.map((each) => ({ ...each, ciphertext: new Uint8Array(255).fill(9), payloadLength: 237 }))
        : [],
    });
  };
}

describe("a client of Fog View", () => {
  test("shows the host the cursors, and the enclave alone the search keys", async () => {
    const fog = new FakeFog();
    fog.answer = answerWith([1, 2]);
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    const answer = await client.query(QUESTION);
    expect(answer.results).toEqual([{ kind: "found", payload: new Uint8Array(237).fill(9) }, { kind: "not-found" }]);
    expect([answer.blockCount, answer.nextEventCursor]).toEqual([9n, 7n]);
    expect(answer.missedRanges).toEqual([{ start: 1n, end: 3n }]);
    const [{ plaintext, aad } = { plaintext: new Uint8Array(), aad: new Uint8Array() }] = fog.requests;
    expect(decodeMessage(QueryRequestSchema, plaintext, LIMITS).getTxos).toEqual(KEYS);
    const shown = decodeMessage(QueryRequestAADSchema, aad, LIMITS);
    expect([shown.startFromUserEventId, shown.startFromBlockIndex]).toEqual([5n, 6n]);
    expect(fog.headers).toEqual(["test"]);
  });

  test("reads the older form where the server has no other", async () => {
    const fog = new FakeFog();
    fog.answer = answerWith([1, 5], { fixed: false });
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    expect((await client.query(QUESTION)).results).toEqual([
      { kind: "found", payload: new Uint8Array(237).fill(8) },
      { kind: "failed", reason: "rate-limited" },
    ]);
  });

  test("sends the cookies that it was given, from headers and trailers, and drops them with the session", async () => {
    const fog = new FakeFog();
    fog.answer = answerWith([]);
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    await client.query(QUESTION);
    await client.query(QUESTION);
    fog.restart();
    await client.query(QUESTION);
    expect(fog.requests.map(({ cookie }) => cookie)).toEqual(["route=1; zone=b", "route=1; zone=b", "route=2; zone=b"]);
  });

  test("attests again when the server has lost the session, and encrypts anew", async () => {
    const fog = new FakeFog();
    fog.answer = answerWith([]);
    const parts = clientParts(fog);
    const client = new FogViewClient({ responderId: RESPONDER_ID }, parts);
    await client.query(QUESTION);
    fog.restart();
    await client.query(QUESTION);
    expect(fog.handshakes).toBe(2);
    expect(new Set(fog.sealed.map((data) => data.join())).size).toBe(fog.sealed.length);
    expect(parts.pauses).toEqual([]);
  });

  test("tries what may pass three times more, never with the same bytes (trap 13)", async () => {
    const fog = new FakeFog();
    fog.answer = answerWith([]);
    const parts = clientParts(fog);
    const client = new FogViewClient({ responderId: RESPONDER_ID }, parts);
    const unavailable = new ConnectError("down", Code.Unavailable);
    fog.failures = [unavailable, unavailable, unavailable];
    await client.query(QUESTION);
    expect(fog.sealed).toHaveLength(4);
    expect(new Set(fog.sealed.map((data) => data.join())).size).toBe(4);
    expect(parts.pauses).toHaveLength(3);
    expect(parts.pauses.every((ms) => ms >= 10 && ms <= 30)).toBe(true);
    fog.failures = [unavailable, unavailable, unavailable, unavailable];
    await expect(client.query(QUESTION)).rejects.toMatchObject({ code: "connection-failed" });
  });

  test.each([
    [Code.ResourceExhausted, "", "rate-limited"],
    [Code.FailedPrecondition, "chain-id mismatch: 'main'", "chain-id-mismatch"],
    [Code.Unauthenticated, "", "authorization-failed"],
    [Code.InvalidArgument, "", "request-refused"],
  ])("does not try status %i %s again", async (status, message, code) => {
    const fog = new FakeFog();
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    fog.failures = [new ConnectError(message, status)];
    await expect(client.query(QUESTION)).rejects.toMatchObject({ code });
    expect(fog.sealed).toHaveLength(1);
  });

  test("sends nothing to an enclave that it does not trust, and does not try again", async () => {
    const fog = new FakeFog();
    fog.measurement = new Uint8Array(32).fill(0xee);
    fog.restart();
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    await expect(client.query(QUESTION)).rejects.toMatchObject({ code: "attestation-failed" });
    expect([fog.handshakes, fog.sealed.length]).toEqual([1, 0]);
  });

  test.each([
    ["of another number", (codes: number[]) => ({ codes, drop: true })],
    ["with code 0", () => ({ codes: [0, 2], drop: false })],
  ])("refuses results %s", async (_, change) => {
    const fog = new FakeFog();
    const { codes, drop } = change([1, 2]);
    fog.answer = drop ? answerWith(codes, { fixed: false, older: false }) : answerWith(codes);
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(fog));
    await expect(client.query(QUESTION)).rejects.toMatchObject({ code: "invalid-response" });
    expect(fog.sealed).toHaveLength(4);
  });

  test("refuses more than 500 search keys, and everything once it is closed", async () => {
    const client = new FogViewClient({ responderId: RESPONDER_ID }, clientParts(new FakeFog()));
    const searchKeys = Array.from({ length: 501 }, () => new Uint8Array(16));
    await expect(client.query({ ...QUESTION, searchKeys })).rejects.toMatchObject({ code: "too-many-items" });
    client.close();
    await expect(client.query(QUESTION)).rejects.toMatchObject({ code: "connection-failed" });
  });
});

/** Answers indices with the first coin and proofs of the trees that are named. */
function answerOutputs(highest: (i: number) => bigint, resultCode = 2): (plaintext: Uint8Array) => Uint8Array {
  return (plaintext) => {
    const { indices } = decodeMessage(GetOutputsRequestSchema, plaintext, LIMITS);
    const results = indices.map((index, i) => ({
      index,
      resultCode,
      output: txOutToWire(coin(0).txOut),
      proof: membershipProofToWire({ index, highestIndex: highest(i), elements: [] }),
    }));
    return encodeMessage(GetOutputsResponseSchema, { results, numBlocks: 4n, globalTxoCount: 100n });
  };
}

describe("a client of Fog Ledger", () => {
  test.each([
    [1, 11],
    [11, 11],
    [12, 22],
    [23, 44],
    [88, 88],
    [100, 176],
  ])(
    "asks for %i outputs as %i, in an order that tells nothing, and hands back those it was asked for",
    async (n, size) => {
      const fog = new FakeFog();
      fog.answer = answerOutputs(() => 99n);
      const client = new FogLedgerClient({ responderId: RESPONDER_ID }, clientParts(fog));
      const indices = Array.from({ length: n }, (_, i) => BigInt(i));
      const answer = await client.getOutputs(indices, { txoCount: 100n });
      expect(answer.outputs.map(({ index }) => index)).toEqual(indices);
      const asked = decodeMessage(GetOutputsRequestSchema, fog.requests[0]?.plaintext ?? new Uint8Array(), LIMITS);
      expect(asked.indices).toHaveLength(size);
      expect(asked.indices.every((index) => index < 100n)).toBe(true);
      expect(asked.indices.slice(0, n)).not.toEqual(indices);
    },
  );

  test("refuses proofs of trees of different sizes, and outputs that do not exist", async () => {
    const fog = new FakeFog();
    const client = new FogLedgerClient({ responderId: RESPONDER_ID }, clientParts(fog));
    fog.answer = answerOutputs((i) => (i === 3 ? 98n : 99n));
    await expect(client.getOutputs([1n], { txoCount: 100n })).rejects.toMatchObject({ code: "proofs-differ" });
    fog.answer = answerOutputs(() => 99n, 1);
    await expect(client.getOutputs([1n], { txoCount: 100n })).rejects.toMatchObject({ code: "output-missing" });
    await expect(client.getOutputs([1n], { txoCount: 0n })).rejects.toMatchObject({ code: "ledger-not-ready" });
  });

  test("reads whether key images are spent, in the order they were asked for", async () => {
    const fog = new FakeFog();
    const images = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    let reversed = false;
    fog.answer = (plaintext) => {
      const { queries } = decodeMessage(CheckKeyImagesRequestSchema, plaintext, LIMITS);
      const results = queries.map(({ keyImage }, i) => ({
        ...(keyImage === undefined ? {} : { keyImage }),
        spentAt: 4n,
        timestamp: 5n,
        keyImageResultCode: i + 1,
      }));
      return encodeMessage(CheckKeyImagesResponseSchema, {
        results: reversed ? results.reverse() : results,
        numBlocks: 9n,
        globalTxoCount: 8n,
        latestBlockVersion: 3,
        maxBlockVersion: 4,
      });
    };
    const client = new FogLedgerClient({ responderId: RESPONDER_ID }, clientParts(fog));
    expect(await client.checkKeyImages(images)).toEqual({
      statuses: [{ kind: "spent", spentAt: 4n, timestamp: 5n }, { kind: "not-spent" }, { kind: "unknown" }],
      blockCount: 9n,
      txoCount: 8n,
      latestBlockVersion: 3,
      maxBlockVersion: 4,
    });
    reversed = true;
    await expect(client.checkKeyImages(images)).rejects.toMatchObject({ code: "invalid-response" });
  });

  test("looks outputs up by public key in classes of 1, 4, 16, …", async () => {
    const fog = new FakeFog();
    fog.answer = (plaintext) => {
      const { publicKeys } = decodeMessage(LookupOutputsRequestSchema, plaintext, LIMITS);
      const results = publicKeys.map((_, i) => ({
        resultCode: i === 0 ? 2 : 1,
        globalIndex: 7n,
        blockIndex: 8n,
        timestamp: 9n,
      }));
      return encodeMessage(LookupOutputsResponseSchema, { results, numBlocks: 3n, globalTxoCount: 4n });
    };
    const client = new FogLedgerClient({ responderId: RESPONDER_ID }, clientParts(fog));
    const keys = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
    expect(await client.lookupOutputs(keys)).toEqual({
      places: [{ globalIndex: 7n, blockIndex: 8n, timestamp: 9n }, undefined],
      blockCount: 3n,
      txoCount: 4n,
    });
    const asked = decodeMessage(LookupOutputsRequestSchema, fog.requests[0]?.plaintext ?? new Uint8Array(), LIMITS);
    expect(asked.publicKeys).toHaveLength(4);
  });

  test("downloads blocks in the open, with the place of each output", async () => {
    const fog = new FakeFog();
    const client = new FogLedgerClient({ responderId: RESPONDER_ID }, clientParts(fog));
    const { blocks } = await client.getBlocks([{ start: 3n, end: 5n }]);
    expect(blocks.map(({ index, firstGlobalIndex, txOuts }) => [index, firstGlobalIndex, txOuts.length])).toEqual([
      [3n, 8n, 2],
    ]);
    expect(blocks[0]?.txOuts[0]).toEqual(coin(0).txOut);
    expect(blocks[0]?.txOuts[1]).toBeUndefined();
    expect(fog.handshakes).toBe(0);
  });
});
