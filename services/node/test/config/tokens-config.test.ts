// tokens.json: what is read, and every reason to refuse one (spec 05 §4.4).
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { parseTokensConfig } from "../../src/index.ts";
import { publicHexAt, publicKeyAt, refused } from "./fixtures.ts";

const pem = (i: number): string =>
  `-----BEGIN PUBLIC KEY-----\n${publicKeyAt(i).replaceAll("-", "+").replaceAll("_", "/")}\n-----END PUBLIC KEY-----\n`;
const single = (i: number): object => ({ type: "Single", pub_key: pem(i) });
const mob = { token_id: 0, minimum_fee: 400_000_000 };
const coin = { token_id: 1, minimum_fee: 1_280 };
const signature = "ab".repeat(64);
const parse = (...tokens: object[]): ReturnType<typeof parseTokensConfig> =>
  parseTokensConfig(JSON.stringify({ governors_signature: signature, tokens }), "tokens.json");
const governed = (governors: unknown, more: object = {}): ReturnType<typeof parseTokensConfig> =>
  parse(mob, { ...coin, governors, ...more });

describe("a file is read", () => {
  test("with fees, in any order", () => {
    const { tokens, minimumFees } = parse(coin, mob);
    expect(tokens.map(({ tokenId, minimumFee }) => [tokenId, minimumFee])).toEqual([
      [1n, 1_280n],
      [0n, 400_000_000n],
    ]);
    expect(minimumFees.entries()).toEqual([
      [0n, 400_000_000n],
      [1n, 1_280n],
    ]);
  });

  test("in TOML, where every 64-bit number can be written", () => {
    const text = "[[tokens]]\ntoken_id = 0\n[[tokens]]\ntoken_id = 9007199254740993\nminimum_fee = 128\n";
    const { tokens, governorsSignature } = parseTokensConfig(text, "tokens.toml");
    expect(governorsSignature).toBeUndefined();
    expect(tokens.map(({ tokenId, minimumFee }) => [tokenId, minimumFee])).toEqual([
      [0n, 400_000_000n],
      [9_007_199_254_740_993n, 128n],
    ]);
  });

  test("with large token ids as text", () => {
    expect(parse(mob, { ...coin, token_id: "18446744073709551615" }).tokens[1]?.tokenId).toBe(18446744073709551615n);
  });

  test("with any fee where it is allowed", () => {
    expect(parse({ token_id: 0, minimum_fee: 128, allow_any_fee: true }).minimumFees.entries()).toEqual([[0n, 128n]]);
  });

  test("with governors by key, by name and in groups, a group of one being that one", () => {
    const team = { type: "MultiSig", threshold: 1, signers: [single(2), single(3)] };
    const governors = {
      type: "MultiSig",
      threshold: 2,
      signers: [
        single(1),
        { type: "Identity", name: "team" },
        { type: "MultiSig", threshold: 1, signers: [single(4)] },
      ],
    };
    const { tokens, governorsSignature } = governed(governors, { signer_identities: { team } });
    const set = tokens[1]?.governors;
    expect(set?.threshold).toBe(2);
    expect(set?.signers.map(toHex)).toEqual([publicHexAt(1), publicHexAt(4)]);
    expect(set?.multiSigners.map(({ signers, threshold }) => [threshold, signers.map(toHex)])).toEqual([
      [1, [publicHexAt(2), publicHexAt(3)]],
    ]);
    expect(toHex(governorsSignature ?? new Uint8Array())).toBe(signature);
  });
});

const nested = (depth: number): object =>
  depth === 1 ? single(1) : { type: "MultiSig", threshold: 1, signers: [nested(depth - 1), single(2)] };

describe("a file is refused", () => {
  test.each<[what: string, act: () => unknown, code: string, field: string, values: string[]]>([
    ["without token 0", () => parse(coin), "missing-token", "tokens", ["1", "0"]],
    ["without tokens", () => parse(), "missing-token", "tokens", ["none", "0"]],
    ["with a token twice", () => parse(mob, coin, coin), "duplicate-token", "tokens[2].token_id", ["1", "1"]],
    ["without a fee", () => parse(mob, { token_id: 2 }), "missing-fee", "tokens[1].minimum_fee", ["token 2"]],
    [
      "with a fee of token 0 below its bounds",
      () => parse({ token_id: 0, minimum_fee: 9_984 }),
      "fee-out-of-bounds",
      "tokens[0].minimum_fee",
      ["9984", "10000..1000000000000"],
    ],
    [
      "with a fee of token 0 at the upper bound",
      () => parse({ token_id: 0, minimum_fee: 1_000_000_000_000 }),
      "fee-out-of-bounds",
      "tokens[0].minimum_fee",
      ["1000000000000", "10000..1000000000000"],
    ],
    [
      "with any fee for another token",
      () => parse(mob, { ...coin, allow_any_fee: true }),
      "any-fee-not-allowed",
      "tokens[1].allow_any_fee",
      ["1", "0"],
    ],
    [
      "with a fee that has no 128th",
      () => parse(mob, { token_id: 1, minimum_fee: 1_281 }),
      "invalid-fee",
      "tokens[1].minimum_fee",
      ["1281", "128"],
    ],
    [
      "with a fee of nothing",
      () => parse({ token_id: 0, minimum_fee: 0, allow_any_fee: true }),
      "invalid-fee",
      "tokens[0].minimum_fee",
      ["0", "128"],
    ],
    [
      "with governors of token 0",
      () => parse({ ...mob, governors: single(1) }),
      "governors-not-allowed",
      "tokens[0].governors",
      ["governors", "token 0"],
    ],
    [
      "with a signer nobody defined",
      () => governed({ type: "Identity", name: "nobody" }, { signer_identities: { team: single(1) } }),
      "unknown-signer",
      "tokens[1].governors.name",
      ["nobody", "team"],
    ],
    [
      "with a threshold of nothing",
      () => governed({ type: "MultiSig", threshold: 0, signers: [single(1)] }),
      "invalid-signer-set",
      "tokens[1].governors.threshold",
      ["threshold 0", "1 signers"],
    ],
    [
      "with a threshold above the signers",
      () => governed({ type: "MultiSig", threshold: 3, signers: [single(1), single(2)] }),
      "invalid-signer-set",
      "tokens[1].governors.threshold",
      ["threshold 3", "2 signers"],
    ],
    [
      "with a signer that is something else",
      () => governed({ type: "Robot" }),
      "out-of-range",
      "tokens[1].governors.type",
      ["Robot", "Single, MultiSig or Identity"],
    ],
    [
      "with a fee in words",
      () => parse({ token_id: 0, minimum_fee: "much" }),
      "wrong-type",
      "tokens[0].minimum_fee",
      ["string", "an integer"],
    ],
    [
      "with a number that JSON has rounded",
      () => parse(mob, { ...coin, token_id: 2 ** 60 }),
      "out-of-range",
      "tokens[1].token_id",
      ["1152921504606847000", "0 to 18446744073709551615"],
    ],
  ])("%s", async (_, act, code, field, values) => {
    expect(await refused(act)).toEqual({ code, file: "tokens.json", field, values });
  });

  test("with signers 33 levels deep, and accepted with 32", async () => {
    expect(governed(nested(32)).tokens[1]?.governors).toBeDefined();
    expect(await refused(() => governed(nested(33)))).toMatchObject({
      code: "signers-nested-too-deep",
      values: ["33", "32"],
    });
  });

  test("with a name that is defined by itself", async () => {
    const loop = { type: "Identity", name: "loop" };
    expect(await refused(() => governed(loop, { signer_identities: { loop } }))).toMatchObject({
      code: "signers-nested-too-deep",
    });
  });

  test.each([
    ["with a key that is none", { type: "Single", pub_key: pem(1).replace("MCow", "MCox") }, "invalid-signer-key"],
    ["with a key in hex", { type: "Single", pub_key: publicHexAt(1) }, "invalid-signer-key"],
    ["without a key", { type: "Single" }, "missing-field"],
    ["with a field that nobody knows", { ...single(1), weight: 2 }, "unknown-field"],
  ])("%s", async (_, governors, code) => {
    expect(await refused(() => governed(governors))).toMatchObject({ code });
  });

  test("with governors whom nobody vouches for", async () => {
    const text = JSON.stringify({ governors_signature: "", tokens: [mob, { ...coin, governors: single(1) }] });
    expect(await refused(() => parseTokensConfig(text, "tokens.json"))).toMatchObject({
      code: "missing-governors-signature",
    });
  });

  test("with half a signature", async () => {
    const text = JSON.stringify({ governors_signature: "abcd", tokens: [mob] });
    expect(await refused(() => parseTokensConfig(text, "tokens.json"))).toMatchObject({
      code: "out-of-range",
      field: "governors_signature",
    });
  });
});
