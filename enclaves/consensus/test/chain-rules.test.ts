// Tests of the network's rules: which are refused, and their digest. The constants are what MobileCoin's digest
// crate makes of structures with the fields of its `BlockchainConfig` and `GovernorsMap`, run once for this test.
import { fromHex, toHex, tokenId } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { type SignerSet, signerSetToWire } from "@fogbow/core-transaction";
import { ChainConfigSchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { type ChainRules, chainRulesDigest, governorsDigest, readChainRules } from "../src/chain-rules.ts";
import { type ChainInit, chainConfig, signGovernors, TRUST_ROOT } from "./test-node.ts";

const key = (n: number): Uint8Array => new Ed25519PrivateKey(new Uint8Array(32).fill(n)).publicKey();
const set = (signers: readonly number[], multiSigners: readonly SignerSet[] = [], threshold = 1): SignerSet => ({
  signers: signers.map(key),
  multiSigners,
  threshold,
});
const read = (chain: ChainInit): ChainRules =>
  readChainRules(decodeMessage(ChainConfigSchema, encodeMessage(ChainConfigSchema, chain), { bytesMax: 1_000_000 }));
const digest = (chain: ChainInit): string => toHex(chainRulesDigest(read(chain)));

const MOB_ONLY: ChainInit = {
  blockVersion: 4,
  tokens: [{ tokenId: 0n, minimumFee: 400_000_000n }],
  network: "development",
};
const governors = new Map([
  [tokenId(1n), set([1])],
  [tokenId(2n), set([2], [set([3, 4], [], 2)], 2)],
]);
const GOVERNED: ChainInit = {
  blockVersion: 3,
  // Not in order: the digest is of a map.
  tokens: [
    { tokenId: 2n, minimumFee: 128n, governors: signerSetToWire(governors.get(tokenId(2n)) as SignerSet) },
    { tokenId: 0n, minimumFee: 400_000_000n },
    { tokenId: 1n, minimumFee: 1_024n, governors: signerSetToWire(governors.get(tokenId(1n)) as SignerSet) },
  ],
  governorsSignature: signGovernors(governors),
  network: "development",
};

describe("the digest is the reference's", () => {
  test.each([
    [0, "e68a08c652e941e06ae650a7e68be9aa648cfdee0f8ce338022080298f855a4b"],
    [3, "a2ad8b53f2dee904a93ecc5167ddc64b80ef052fd16ed87f6e469f43f6ce87b3"],
    [4, "63aef3b4f46c28c31a06211cd05e673b0717e9414d652b47d5ce50499764443e"],
  ])("with one token, at block version %i", (blockVersion, expected) => {
    expect(digest({ ...MOB_ONLY, blockVersion })).toBe(expected);
  });

  test("with governors, which are signed", () => {
    expect(toHex(governorsDigest(governors))).toBe("a497c31fab3875bbc099b1be744170b0d024a51d75c59cd65eba1bfaae0d0740");
    expect(toHex(signGovernors(governors))).toBe(
      "9d905dc45ac8d44f9bee80e121de873d20a874fe260bb42471e73a9e7edc0290" +
        "153c39d11bd5b013574475c33bc46c7c8387738f35e920bd1aaa04fae38de40f",
    );
    expect(digest(GOVERNED)).toBe("495832e4b73db0aa386167b9caf53f4437f5ea86d9fde78f35ff787810727058");
  });

  test("on every network, as who collects fees is compiled in there", () => {
    expect(digest({ ...MOB_ONLY, network: "main" })).toBe(digest(MOB_ONLY));
  });
});

test("what is our own changes the digest where it is not the default, each in its own way", () => {
  const changes: ChainInit[] = [
    {},
    { boundLeaderHash: true },
    { timeBaseMs: 250 },
    { timeBaseMs: 251 },
    { equalProofHeights: true },
    { boundLeaderHash: true, equalProofHeights: true },
    { priorityBits: 4 },
    { priorityBits: 3 },
  ];
  const digests = changes.map((change) => digest({ ...MOB_ONLY, ...change }));
  expect(new Set(digests).size).toBe(changes.length);
  expect(digest({ ...MOB_ONLY, priorityBits: 64 })).toBe(digest(MOB_ONLY));
});

test("development's trust root is the public half of a key that is known to all", () => {
  expect(toHex(TRUST_ROOT.publicKey())).toBe("1f4fe69277ae2385e9ecd9dde5e42e9ea7907ef3982a63d9ce4118950b696e35");
});

describe("rules are refused", () => {
  const token = (tokenId: bigint, minimumFee: bigint): ChainInit => ({
    ...MOB_ONLY,
    tokens: [
      { tokenId: 0n, minimumFee: 128n },
      { tokenId, minimumFee },
    ],
  });
  const governed = (tokenId: bigint, each: SignerSet, blockVersion = 4): ChainInit => ({
    blockVersion,
    tokens: [0n, 1n].map((id) => ({
      tokenId: id,
      minimumFee: 128n,
      ...(id === tokenId && { governors: signerSetToWire(each) }),
    })),
    network: "development",
    governorsSignature: signGovernors(new Map([[tokenId as never, each]])),
  });
  test.each<[string, ChainInit]>([
    ["of an unknown block version", { ...MOB_ONLY, blockVersion: 5 }],
    ["without tokens", { ...MOB_ONLY, tokens: [] }],
    ["without token 0", { ...MOB_ONLY, tokens: [{ tokenId: 1n, minimumFee: 128n }] }],
    ["with a token named twice", token(0n, 128n)],
    ["with a fee below 128", token(1n, 127n)],
    ["with a fee that is no multiple of 128", token(1n, 129n)],
    ["without a fee", token(1n, 0n)],
    ["with buckets of more than four bits", { ...MOB_ONLY, priorityBits: 5 }],
    ["of an unknown network", { ...MOB_ONLY, network: "prod" }],
    ["of no network", { ...MOB_ONLY, network: "" }],
    ["with a time base beyond its bound", { ...MOB_ONLY, timeBaseMs: 600_001 }],
    ["with more tokens than there may be", { ...MOB_ONLY, tokens: tokens(1_001) }],
    ["with governors of token 0", governed(0n, set([1]))],
    ["with governors that cannot be satisfied", governed(1n, set([1], [], 2))],
    ["with no governor at all", governed(1n, set([], [], 0))],
    ["with nested governors before block version 3", governed(1n, set([1], [set([2])]), 2)],
    ["with a signature that is none", { ...MOB_ONLY, governorsSignature: new Uint8Array(63) }],
  ])("%s", (_, chain) => {
    expect(() => read(chain)).toThrow(expect.objectContaining({ code: "invalid-config" }));
  });

  test.each<[string, ChainInit]>([
    ["without a signature", { governorsSignature: new Uint8Array(0) }],
    ["with a signature over others", { governorsSignature: signGovernors(new Map([[tokenId(1n), set([1])]])) }],
    ["with a flipped bit in their signature", { governorsSignature: flipped(GOVERNED.governorsSignature) }],
    ["of another network, whose trust root did not sign them", { network: "main" }],
  ])("whose governors come %s", (_, change) => {
    expect(() => read({ ...GOVERNED, ...change })).toThrow(
      expect.objectContaining({ code: "invalid-governors-signature" }),
    );
  });

  test("whose governors' keys have a wrong length", () => {
    const wrong = { individualSigners: [{ data: fromHex("aa") }], threshold: 1, multiSigners: [] };
    const tokens = [
      { tokenId: 0n, minimumFee: 128n },
      { tokenId: 1n, minimumFee: 128n, governors: wrong },
    ];
    expect(() => read({ ...MOB_ONLY, tokens })).toThrow(expect.objectContaining({ code: "wrong-length" }));
  });
});

test("the rules of the tests' economy are accepted, and as many tokens as there may be", () => {
  expect(read(chainConfig()).governors.size).toBe(1);
  expect(read({ ...MOB_ONLY, tokens: tokens(1_000) }).minimumFees.entries()).toHaveLength(1_000);
});

function tokens(count: number): { readonly tokenId: bigint; readonly minimumFee: bigint }[] {
  return Array.from({ length: count }, (_, i) => ({ tokenId: BigInt(i), minimumFee: 128n }));
}

function flipped(bytes: Uint8Array | undefined): Uint8Array {
  return (bytes ?? new Uint8Array(0)).map((byte, i) => (i === 5 ? byte ^ 1 : byte));
}
