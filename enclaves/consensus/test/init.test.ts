// Tests of `init`: the key that signs blocks, and what comes before and after.

import { readFileSync } from "node:fs";
import { toHex, utf8 } from "@fogbow/core-bytes";
import { encodeMessage, InitRequestSchema } from "@fogbow/core-wire";
import { parseManifest } from "@fogbow/runtime-enclave";
import { describe, expect, test } from "vitest";
import { seededRandom, testParts } from "../../runtime/test/test-parts.ts";
import { bareEnclave, chainConfig, initRequest, startNode, TestNode } from "./test-node.ts";

const manifest = parseManifest(readFileSync(new URL("../manifest.json", import.meta.url)));
const refused = (code: string): unknown => expect.objectContaining({ code });
const signer = ({ initial }: TestNode): string => toHex(initial.blockSigningKey?.data ?? new Uint8Array(0));
const sealedKey = ({ initial }: TestNode): Uint8Array => initial.sealedBlockSigningKey;

describe("the block signing key", () => {
  test("is new when none is given", async () => {
    expect(signer(await startNode({ name: "one" }))).not.toBe(signer(await startNode({ name: "two" })));
  });

  test("is the same after a restart with what was sealed, also with what is sealed then", async () => {
    const first = await startNode({ name: "one" });
    const second = await startNode({ name: "two", sealedKey: sealedKey(first) });
    const third = await startNode({ name: "three", sealedKey: sealedKey(second) });
    expect([signer(second), signer(third)]).toEqual([signer(first), signer(first)]);
  });

  test("is never replaced because its seal does not open", async () => {
    const sealed = sealedKey(await startNode());
    for (const [at, code] of [
      [sealed.length - 1, "unseal-failed"],
      [20, "unseal-failed"],
      [0, "malformed-seal"],
    ] as const) {
      const broken = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte));
      await expect(startNode({ sealedKey: broken })).rejects.toThrow(refused(code));
    }
    await expect(startNode({ sealedKey: sealed.subarray(0, 10) })).rejects.toThrow(refused("malformed-seal"));
  });

  test("is not what was sealed for something else, nor of another length", async () => {
    const random = seededRandom("seals");
    const { sealing } = testParts();
    const other = sealing.seal(random(32), utf8("something else"), "signer");
    await expect(startNode({ sealedKey: other })).rejects.toThrow(refused("unseal-failed"));
    const short = sealing.seal(random(31), utf8("fogbow-block-signing-key-v1"), "signer");
    await expect(startNode({ sealedKey: short })).rejects.toThrow(refused("invalid-sealed-key"));
  });

  test("is what the evidence names from the next refresh on", async () => {
    const { enclave, ask } = bareEnclave();
    const { key } = enclave.attests ?? {};
    expect(enclave.attests?.customIdentity).toEqual(new Uint8Array(32));
    const { initial } = await TestNode.init(ask, {});
    expect(enclave.attests).toEqual({ key, customIdentity: initial.blockSigningKey?.data });
  });
});

test("tells what is compiled in for the network, and the digest of its rules", async () => {
  const { initial } = await startNode({ chain: { ...chainConfig(), network: "development" } });
  expect(toHex(initial.mintingTrustRoot?.data ?? new Uint8Array(0))).toMatch(/^1f4fe692/);
  expect(toHex(initial.feeRecipient?.spendPublicKey?.data ?? new Uint8Array(0))).toMatch(/^26b507c6/);
  expect(toHex(initial.feeRecipient?.viewPublicKey?.data ?? new Uint8Array(0))).toMatch(/^5222a1e9/);
  expect(initial.chainConfigDigest).toMatch(/^[0-9a-f]{64}$/);
});

test("every other call is refused before it, and itself after it", async () => {
  const { ask } = bareEnclave();
  const entryPoints = manifest.entryPoints.map(({ name }) => name).filter((name) => name !== "init");
  for (const name of entryPoints)
    await expect(ask(name, new Uint8Array(64))).rejects.toThrow(refused("not-initialized"));
  await ask("init", initRequest({}));
  await expect(ask("init", initRequest({}))).rejects.toThrow(refused("already-initialized"));
  await expect(ask("unheard-of", new Uint8Array(0))).rejects.toThrow(refused("unknown-entry-point"));
});

test("a refused one changes nothing and may be tried again", async () => {
  const { ask } = bareEnclave();
  const wrong = initRequest({ chain: { ...chainConfig(), network: "nowhere" } });
  await expect(ask("init", wrong)).rejects.toThrow(refused("invalid-config"));
  await expect(ask("init", encodeMessage(InitRequestSchema, {}))).rejects.toThrow(refused("missing-field"));
  await expect(ask("init", initRequest({}).subarray(0, 30))).rejects.toThrow(refused("malformed-message"));
  expect((await TestNode.init(ask, {})).initial.chainConfigDigest).toHaveLength(64);
});
