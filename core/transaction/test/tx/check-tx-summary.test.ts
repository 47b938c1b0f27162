// Tests of what a signing device finds out before it signs, and of every way to be refused.
import { addressHash32 } from "@fogbow/core-account";
import { fromHex, Secret, type TokenValue, toHex, tokenValue } from "@fogbow/core-bytes";
import { commit, compressedPoint, PrivateKey } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import {
  type CheckedTxSummary,
  checkTxSummary,
  createTxSummary,
  decodeTxSummary,
  decodeTxSummaryUnblindingData,
  encodeTxSummary,
  encodeTxSummaryUnblindingData,
  type TxOutSummary,
  type TxOutUnblindingData,
  type TxParty,
  type TxSummaryCheck,
  type UnmaskedAmount,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { expectCode, expectTotal, expectTypedError } from "../typed-errors.ts";
import { KNOWN_TRANSACTIONS, type KnownTransaction } from "./known-transactions.ts";
import { knownTx } from "./transactions.ts";

/** Everything a device is given for a known transaction. */
const checkOf = (known: KnownTransaction): TxSummaryCheck => ({
  extendedMessageDigest: fromHex(known.extendedMessageDigest),
  summary: decodeTxSummary(fromHex(known.summary)),
  unblindingData: decodeTxSummaryUnblindingData(fromHex(known.unblindingData)),
  viewPrivateKey: new PrivateKey(fromHex(known.viewPrivateKey)),
});

const nameOf = (party: TxParty): string => (party.kind === "address" ? toHex(party.shortAddressHash) : party.kind);

describe.each(KNOWN_TRANSACTIONS)("the summary of $name", (known) => {
  test("says what the reference library says", () => {
    const { balanceChanges, fee, tombstoneBlock, signingDigest } = checkTxSummary(checkOf(known));
    expect(balanceChanges.map(({ party, tokenId, value }) => [nameOf(party), tokenId, value])).toEqual(
      known.balanceChanges,
    );
    const { tx } = knownTx(known.name);
    expect({ fee, tombstoneBlock }).toEqual({
      fee: { value: tx.prefix.fee, tokenId: tx.prefix.feeTokenId },
      tombstoneBlock: tx.prefix.tombstoneBlock,
    });
    expect(toHex(signingDigest)).toBe(known.summaryDigest);
  });

  test("is that of the transaction", () => {
    const { tx } = knownTx(known.name);
    expect(createTxSummary(tx.prefix, tx.signature.pseudoOutputCommitments)).toEqual(checkOf(known).summary);
  });

  test("and what opens it are the same after encoding and decoding", () => {
    const { summary, unblindingData } = checkOf(known);
    expect(encodeTxSummary(summary)).toHaveLength(known.summary.length / 2);
    expect(decodeTxSummary(encodeTxSummary(summary))).toEqual(summary);
    expect(toHex(encodeTxSummaryUnblindingData(unblindingData))).toBe(known.unblindingData);
  });
});

const plain = checkOf(knownTx("version 3").known);
const swap = checkOf(knownTx("version 4 with input rules").known);
const paid = plain.unblindingData.outputs.findIndex(({ address }) => address && isOther(address));
const demanded = swap.unblindingData.outputs.findIndex(({ address }) => address === undefined);

function isOther(address: Parameters<typeof addressHash32>[0]): boolean {
  const [, [other = ""] = []] = knownTx("version 3").known.balanceChanges;
  return toHex(addressHash32(address)).startsWith(other);
}

/** The same check with one output changed, or what is said of it. */
function withOutput(
  check: TxSummaryCheck,
  index: number,
  change: { readonly output?: Partial<TxOutSummary>; readonly data?: Partial<TxOutUnblindingData> },
): TxSummaryCheck {
  const outputs = check.summary.outputs.map((output, i) => (i === index ? { ...output, ...change.output } : output));
  const data = check.unblindingData.outputs.map((each, i) => (i === index ? { ...each, ...change.data } : each));
  return {
    ...check,
    summary: { ...check.summary, outputs },
    unblindingData: { ...check.unblindingData, outputs: data },
  };
}

/** The same amount, but for one unit, or with another blinding. */
const more = (amount: UnmaskedAmount | undefined): UnmaskedAmount => {
  if (amount === undefined) throw new Error("There is an amount there.");
  return { ...amount, value: (amount.value + 1n) as TokenValue };
};

const run = (check: TxSummaryCheck) => (): CheckedTxSummary => checkTxSummary(check);

test("a summary is refused unless there is one amount for each input and output", () => {
  const { summary, unblindingData } = plain;
  expectCode(run({ ...plain, summary: { ...summary, inputs: [] } }), "length-mismatch");
  expectCode(run({ ...plain, summary: { ...summary, outputs: summary.outputs.slice(1) } }), "length-mismatch");
  expectCode(run({ ...plain, unblindingData: { ...unblindingData, inputs: [] } }), "length-mismatch");
});

test("an output to an address is refused without its private key", () => {
  expectCode(run(withOutput(plain, paid, { data: { txPrivateKey: undefined } })), "missing-tx-private-key");
});

test("an output to an address is refused when anything of it is not what the sender says", () => {
  const [output] = [plain.summary.outputs[paid]];
  const [data] = [plain.unblindingData.outputs[paid]];
  const mine = plain.unblindingData.outputs[1 - paid];
  if (output === undefined || data === undefined || mine === undefined) throw new Error("There are two outputs.");
  const changes: Parameters<typeof withOutput>[2][] = [
    { data: { unmaskedAmount: more(data.unmaskedAmount) } },
    { data: { address: mine.address } },
    { data: { txPrivateKey: mine.txPrivateKey } },
    { output: { associatedToInputRules: true } },
    { output: { targetKey: output.publicKey } },
    { output: { maskedAmount: { ...output.maskedAmount, maskedValue: output.maskedAmount.maskedValue ^ 1n } } },
    { output: { maskedAmount: { ...output.maskedAmount, version: 1 } } },
  ];
  for (const change of changes) {
    expectCode(run(withOutput(plain, paid, change)), "address-verification-failed");
  }
  const otherRules = { ...plain, unblindingData: { ...plain.unblindingData, blockVersion: 2 as const } };
  expectCode(run(otherRules), "address-verification-failed");
});

test("an output that pays nobody known is refused, unless the rules of an input demand it", () => {
  expectCode(run(withOutput(plain, paid, { data: { address: undefined } })), "missing-recipient-data");
  expectCode(run(withOutput(swap, demanded, { output: { associatedToInputRules: false } })), "missing-recipient-data");
});

test("an amount that does not open its commitment is refused", () => {
  const data = swap.unblindingData.outputs[demanded];
  expectCode(
    run(withOutput(swap, demanded, { data: { unmaskedAmount: more(data?.unmaskedAmount) } })),
    "amount-verification-failed",
  );
  const [input, ...others] = plain.unblindingData.inputs;
  const inputs = [more(input), ...others];
  expectCode(run({ ...plain, unblindingData: { ...plain.unblindingData, inputs } }), "amount-verification-failed");
});

test("a fee that the inputs do not pay is refused", () => {
  const fee = (plain.summary.fee + 1n) as TokenValue;
  expectCode(run({ ...plain, summary: { ...plain.summary, fee } }), "value-not-conserved");
  const feeTokenId = 1n as TxSummaryCheck["summary"]["feeTokenId"];
  expectCode(run({ ...plain, summary: { ...plain.summary, feeTokenId } }), "value-not-conserved");
});

test("a loss that does not fit 64 bits with a sign is refused, in one input or in several", () => {
  const losing = (...values: readonly bigint[]): TxSummaryCheck => {
    const inputs = values.map((value) => ({
      ...amount(value),
      blinding: new Secret(Uint8Array.of(1, ...new Uint8Array(31))),
    }));
    return {
      ...plain,
      summary: {
        ...plain.summary,
        outputs: [],
        inputs: inputs.map(({ blinding, ...each }) => ({
          pseudoOutputCommitment: compressedPoint(commit({ ...each, blinding: blinding.expose() })),
          inputRulesDigest: new Uint8Array(0),
        })),
        fee: tokenValue(values.reduce((sum, value) => sum + value)),
      },
      unblindingData: { ...plain.unblindingData, outputs: [], inputs },
    };
  };
  const half = 1n << 63n;
  expect(checkTxSummary(losing(half - 1n, 1n)).balanceChanges).toEqual([
    { party: { kind: "self" }, tokenId: 0n, value: -half },
  ]);
  expectCode(run(losing(half)), "amount-too-large");
  expectCode(run(losing(half - 1n, 2n)), "amount-too-large");
});

test("a public key that is no point is refused", () => {
  const publicKey = new Uint8Array(32).fill(255) as TxOutSummary["publicKey"];
  expectTypedError(run(withOutput(plain, paid, { output: { publicKey } })), "invalid-public-key");
});

test("the digest to sign depends on the summary and on the extended message", () => {
  const tombstone = { ...plain, summary: { ...plain.summary, tombstoneBlock: 1n } };
  const message = { ...plain, extendedMessageDigest: new Uint8Array(32) };
  const digests = [plain, tombstone, message].map((check) => toHex(checkTxSummary(check).signingDigest));
  expect(new Set(digests).size).toBe(3);
});

test("damaged bytes of a summary, or of what opens it, give a value or a typed error", () => {
  const { known } = knownTx("version 4 with input rules");
  expectTotal(fromHex(known.summary), decodeTxSummary, encodeTxSummary);
  expectTotal(fromHex(known.unblindingData), decodeTxSummaryUnblindingData, encodeTxSummaryUnblindingData);
});
