// Tests of input rules: each breaks one demand of a signer and gets its name and code.
import { le64, Secret } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  amountSharedSecret,
  type ClaimedTxOut,
  type CreatedTxOut,
  type InputRules,
  inputRuleCode,
  maskAmount,
  maskAmountV2,
  type TxOut,
  type TxPrefix,
  validateTransaction,
  verifyInputRules,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { knownTx } from "../tx/transactions.ts";
import { makeOutput, makeValid, NO_RULES } from "./valid-transaction.ts";

/** Somebody offers 1000 of token 1 for 300 of token 0; 40 % are taken. */
const random = seeded(21);
const change = makeOutput(4, amount(1_000n, 1n), random);
const price = makeOutput(4, amount(300n), random);
const required = makeOutput(4, amount(5n), random);

const claim = ({ txOut, sharedSecret }: CreatedTxOut): ClaimedTxOut => ({
  txOut,
  amountSharedSecret: amountSharedSecret(sharedSecret).expose(),
});
const filled = ({ txOut, sharedSecret }: CreatedTxOut, value: bigint, token: bigint): TxOut => ({
  ...txOut,
  maskedAmount: maskAmountV2(amount(value, token), amountSharedSecret(sharedSecret)),
});

const RULES: InputRules = {
  requiredOutputs: [required.txOut],
  maxTombstoneBlock: 500n,
  partialFillOutputs: [claim(price)],
  partialFillChange: claim(change),
  minPartialFillValue: 400n,
};

const { prefix } = makeValid().tx;
const good = { remaining: filled(change, 600n, 1n), paid: filled(price, 120n, 0n), required: required.txOut };
const withOutputs = (outputs: Partial<typeof good> = {}): TxPrefix => ({
  ...prefix,
  tombstoneBlock: 500n,
  outputs: Object.values({ ...good, ...outputs }),
});
const broken = (rules: Partial<InputRules>, outputs: Partial<typeof good> = {}): string | undefined =>
  verifyInputRules({ ...RULES, ...rules }, withOutputs(outputs));

test("rules that are kept exactly hold", () => {
  expect(broken({})).toBeUndefined();
  expect(verifyInputRules(NO_RULES, prefix)).toBeUndefined();
});

test("no more amounts are opened than the transaction has outputs", () => {
  const demands = (n: number): Partial<InputRules> => ({ partialFillOutputs: Array(n).fill(claim(price)) });
  expect(broken(demands(3))).toBeUndefined();
  expect(broken(demands(4))).toBe("too-many-partial-fill-outputs");
  expect(inputRuleCode("too-many-partial-fill-outputs")).toBe("input-rule-partial-fill");
});

test("a partly filled offer is valid as a whole, with both tokens conserved", () => {
  const made = makeValid({
    inputs: [amount(1_000_000_000n), amount(1_000n, 1n)],
    outputs: [amount(600_000_000n - 125n), amount(400n, 1n)],
    extra: [change, price, required].map((each, i) => ({
      ...each,
      txOut: [good.remaining, good.paid, good.required][i] as TxOut,
    })),
    rules: { ...RULES, maxTombstoneBlock: 0n },
  });
  expect(validateTransaction(made.tx, made.context).code).toBe("ok");
});

test("the reference library's partly filled swap keeps its rules, and not when more must be taken than there is", () => {
  const { tx } = knownTx("version 4 with input rules");
  const rules = tx.prefix.inputs.flatMap(({ inputRules }) => inputRules ?? []);
  expect(rules).toHaveLength(1);
  for (const each of rules) {
    expect(each.partialFillChange).toBeDefined();
    expect(verifyInputRules(each, tx.prefix)).toBeUndefined();
    const most = { ...each, minPartialFillValue: (1n << 64n) - 1n };
    expect(verifyInputRules(most, tx.prefix)).toBe("min-partial-fill-value-exceeds-partial-fill-change");
  }
});

describe("without a partial fill", () => {
  test("the tombstone block is not later than the limit, if there is one", () => {
    expect(broken({ maxTombstoneBlock: 499n })).toBe("max-tombstone-block-exceeded");
    expect(broken({ maxTombstoneBlock: 0n })).toBeUndefined();
  });

  test("every required output is there, equal in every field", () => {
    const { encryptedFogHint } = price.txOut;
    expect(broken({}, { required: { ...required.txOut, encryptedFogHint } })).toBe("missing-required-output");
    expect(broken({ requiredOutputs: [required.txOut, price.txOut] })).toBe("missing-required-output");
  });

  test("nothing else is said about one", () => {
    const none = { partialFillChange: undefined };
    expect(broken(none)).toBe("partial-fill-outputs-not-expected");
    expect(broken({ ...none, partialFillOutputs: [] })).toBe("min-partial-fill-value-not-expected");
    expect(broken({ ...none, partialFillOutputs: [], minPartialFillValue: 0n })).toBeUndefined();
  });
});

describe("the change of a partial fill", () => {
  test("is opened by a secret of 32 bytes that fits, of an amount of version 2", () => {
    const { amountSharedSecret: secret, txOut } = claim(change);
    const by = (amountSharedSecret: Uint8Array) => broken({ partialFillChange: { txOut, amountSharedSecret } });
    expect(by(secret.slice(1))).toBe("invalid-amount-shared-secret");
    expect(by(new Uint8Array(0))).toBe("invalid-amount-shared-secret");
    expect(by(new Uint8Array(32))).toBe("amount-not-opened");
    const maskedAmount = maskAmount(2, amount(1_000n, 1n), change.sharedSecret);
    const old = { txOut: { ...txOut, maskedAmount }, amountSharedSecret: secret };
    expect(broken({ partialFillChange: old })).toBe("amount-not-opened");
    const renamed = { ...txOut, maskedAmount: { ...txOut.maskedAmount, version: 1 as const } };
    expect(broken({ partialFillChange: { txOut: renamed, amountSharedSecret: secret } })).toBe("amount-not-opened");
    const short = { ...txOut, maskedAmount: { ...txOut.maskedAmount, maskedTokenId: new Uint8Array(4) } };
    expect(broken({ partialFillChange: { txOut: short, amountSharedSecret: secret } })).toBe("amount-not-opened");
  });

  test("is at least the least that must be taken, and not zero", () => {
    const exceeds = "min-partial-fill-value-exceeds-partial-fill-change";
    expect(broken({ minPartialFillValue: 1_001n })).toBe(exceeds);
    const nothing = { ...claim(change), txOut: filled(change, 0n, 1n) };
    expect(broken({ partialFillChange: nothing, minPartialFillValue: 0n })).toBe("zero-partial-fill-change");
  });

  test("comes back in an output that differs in its amount at most", () => {
    const { remaining } = good;
    const lost = "missing-fractional-change-output";
    expect(broken({}, { remaining: { ...remaining, targetKey: price.txOut.targetKey } })).toBe(lost);
    expect(broken({}, { remaining: { ...remaining, encryptedMemo: undefined } })).toBe(lost);
    expect(broken({}, { remaining: { ...remaining, publicKey: price.txOut.publicKey } })).toBe(lost);
  });

  test("comes back in an amount that its secret opens, of its own token", () => {
    const { maskedAmount } = good.paid;
    expect(broken({}, { remaining: { ...good.remaining, maskedAmount } })).toBe("amount-not-opened");
    expect(broken({}, { remaining: filled(change, 600n, 2n) })).toBe("fractional-output-token-id-mismatch");
  });

  test("comes back so that at least the least is taken", () => {
    const paid = filled(price, 300n, 0n);
    const limit = "fractional-change-output-amount-exceeds-limit";
    expect(broken({}, { remaining: filled(change, 601n, 1n), paid })).toBe(limit);
    expect(broken({ minPartialFillValue: 0n }, { remaining: filled(change, 1_001n, 1n), paid })).toBe(limit);
    expect(broken({}, { remaining: filled(change, 0n, 1n), paid })).toBeUndefined();
  });
});

describe("outputs by fraction", () => {
  test("can be opened, in the rule and in the transaction", () => {
    const { amountSharedSecret: secret, txOut } = claim(price);
    const by = (amountSharedSecret: Uint8Array) => broken({ partialFillOutputs: [{ txOut, amountSharedSecret }] });
    expect(by(secret.slice(1))).toBe("invalid-amount-shared-secret");
    expect(by(new Uint8Array(32))).toBe("amount-not-opened");
    const { maskedAmount } = good.remaining;
    expect(broken({}, { paid: { ...good.paid, maskedAmount } })).toBe("amount-not-opened");
    const foreign = { ...claim(price), txOut: { ...txOut, maskedAmount } };
    expect(broken({ partialFillOutputs: [foreign] })).toBe("amount-not-opened");
  });

  test("are there, of the right token", () => {
    const paid = { ...good.paid, targetKey: change.txOut.targetKey };
    expect(broken({}, { paid })).toBe("missing-fractional-output");
    expect(broken({}, { paid: filled(price, 120n, 1n) })).toBe("fractional-output-token-id-mismatch");
  });

  test("pay at least the fraction that is taken, to the last unit", () => {
    const tooLittle = "fractional-output-amount-does-not-respect-fill-fraction";
    expect(broken({}, { paid: filled(price, 119n, 0n) })).toBe(tooLittle);
    expect(broken({}, { paid: filled(price, 121n, 0n) })).toBeUndefined();
    expect(broken({}, { remaining: filled(change, 599n, 1n) })).toBe(tooLittle);
    const free = { ...claim(price), txOut: filled(price, 0n, 0n) };
    expect(broken({ partialFillOutputs: [free] })).toBe(tooLittle);
  });

  test("are compared without overflow", () => {
    const most = (1n << 64n) - 1n;
    const full = { ...claim(price), txOut: filled(price, most, 0n) };
    const all = { ...claim(change), txOut: filled(change, most, 1n) };
    const rules = { partialFillOutputs: [full], partialFillChange: all };
    const remaining = filled(change, 0n, 1n);
    expect(broken(rules, { remaining, paid: filled(price, most, 0n) })).toBeUndefined();
    const less = broken(rules, { remaining, paid: filled(price, most - 1n, 0n) });
    expect(less).toBe("fractional-output-amount-does-not-respect-fill-fraction");
  });
});

test("every violation has its code", () => {
  expect(inputRuleCode("max-tombstone-block-exceeded")).toBe("input-rule-max-tombstone-block-exceeded");
  expect(inputRuleCode("missing-required-output")).toBe("input-rule-missing-required-output");
  expect(inputRuleCode("invalid-amount-shared-secret")).toBe("input-rule-invalid-amount-shared-secret");
  expect(inputRuleCode("amount-not-opened")).toBe("input-rule-amount");
  expect(inputRuleCode("missing-fractional-output")).toBe("input-rule-partial-fill");
  expect(inputRuleCode("zero-partial-fill-change")).toBe("input-rule-partial-fill");
});

test("opening an amount leaves the rule's secret as it is", () => {
  const secret = new Secret(le64(1n)).expose();
  expect(broken({ partialFillChange: { txOut: change.txOut, amountSharedSecret: secret } })).toBeDefined();
  expect(secret).toEqual(le64(1n));
  const before = claim(change);
  expect(broken({ partialFillChange: before })).toBeUndefined();
  expect(before).toEqual(claim(change));
});
