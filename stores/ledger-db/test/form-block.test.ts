// Tests that a block which core/block forms is one that the ledger appends, whatever was proposed for it.
import {
  type BlockErrorCode,
  type BlockInputs,
  chooseMintConfigTxs,
  chooseMintTxs,
  chooseTxs,
  type Forming,
  formBlock,
  mintedOutputs,
  type NewBlock,
  type TxCandidate,
  txCandidate,
} from "@fogbow/core-block";
import { type Amount, toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { type MintConfigTx, type MintTx, type Tx, txHash, type UnsignedTx } from "@fogbow/core-transaction";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../src/index.ts";
import {
  amountOf,
  appendContents,
  collector,
  configureMinting,
  forming,
  foundLedger,
  mint,
  owner,
  spend,
  TOKEN,
  withProofs,
} from "./economy.ts";

interface Proposed {
  readonly txs?: readonly Tx[];
  readonly mintConfigTxs?: readonly MintConfigTx[];
  readonly mintTxs?: readonly MintTx[];
}

/** What consensus would agree on of what was proposed. */
function combine(ledger: Ledger, { txs = [], mintConfigTxs = [], mintTxs = [] }: Proposed): BlockInputs {
  const { minimumFees, blockVersion } = forming();
  const parentId = parentOf(ledger).id;
  const mints = chooseMintTxs(mintTxs, (token) => ledger.activeMintConfigs(token));
  const minted = mintedOutputs(
    mints.map(({ mintTx }) => mintTx),
    { parentId, blockVersion },
  );
  const candidates = txs.map((tx) => ({ ...(txCandidate(tx, minimumFees) as TxCandidate), tx })); // All tokens are known.
  const taken = minted.map(({ publicKey }) => publicKey);
  return {
    txs: chooseTxs(candidates, taken).map(({ tx }) => withProofs(ledger, tx)),
    mintConfigTxs: chooseMintConfigTxs(mintConfigTxs),
    mintTxs: mints,
    rootElement: ledger.root(),
  };
}

const parentOf = (ledger: Ledger): NewBlock["block"] => {
  const parent = ledger.lastBlock();
  if (parent === undefined) throw new Error("There is an origin block.");
  return parent;
};

const form = (ledger: Ledger, inputs: BlockInputs, change: Partial<Forming> = {}): NewBlock =>
  formBlock(parentOf(ledger), inputs, { ...forming(), ...change });

/** Forms a block of what was proposed and appends it. */
function advance(ledger: Ledger, proposed: Proposed): NewBlock {
  const formed = form(ledger, combine(ledger, proposed));
  expect(appendContents(ledger, formed.contents).block).toEqual(formed.block);
  return formed;
}

const ledger = foundLedger();
/** Where the owner's minted outputs are. */
const minted: bigint[] = [];

beforeAll(() => {
  advance(ledger, { mintConfigTxs: [configureMinting(1)] });
  const first = ledger.numTxOuts();
  advance(ledger, { mintTxs: [mint(1, 500_000n, 11), mint(2, 600_000n, 12), mint(3, 700_000n, 13)] });
  for (let index = first; index < ledger.numTxOuts(); index++) minted.push(index);
});

const shown = (amounts: readonly (Amount | undefined)[]): string[] =>
  amounts.flatMap((each) => (each ? [`${each.value} of ${each.tokenId}`] : [])).sort();

test("what is minted is an output of that amount for the address", () => {
  const held = minted.map((index) => amountOf(owner, ledger.txOut(index) as never)); // It is there.
  expect(shown(held)).toEqual(["500000 of 5", "600000 of 5", "700000 of 5"]);
});

test("fees go to the fee recipient, one output for each token and no more than transactions", () => {
  const fees = (...txs: readonly Tx[]): string[] => {
    const { contents } = form(ledger, combine(ledger, { txs }));
    return shown(contents.outputs.map((txOut) => amountOf(collector, txOut)));
  };
  const mob = [spend(ledger, [0n]), spend(ledger, [1n], { fee: 400_000_001n }), spend(ledger, [2n])] as const;
  const token = spend(ledger, [minted[0] as bigint], { feeToken: TOKEN });
  expect(fees(mob[0])).toEqual(["400000000 of 0"]);
  expect(fees(mob[0], mob[1])).toEqual(["0 of 5", "800000001 of 0"]);
  expect(fees(...mob)).toEqual(["0 of 5", "0 of 9", "1200000001 of 0"]);
  expect(fees(...mob, token)).toEqual(["0 of 9", "1024 of 5", "1200000001 of 0"]);
  expect(fees(mob[0], token)).toEqual(["1024 of 5", "400000000 of 0"]);
  expect(fees(token)).toEqual(["1024 of 5"]);
});

test("whatever is proposed, in whatever order, the block is the same and the ledger appends it", () => {
  const plenty: Tx[] = [
    spend(ledger, [0n]),
    spend(ledger, [0n], { number: 1 }),
    spend(ledger, [0n], { fee: 500_000_000n }),
    spend(ledger, [0n, 1n]),
    spend(ledger, [1n], { fee: 404_000_000n }),
    spend(ledger, [2n], { tombstoneBlock: ledger.numBlocks() + 1n }),
    spend(ledger, [3n]),
    spend(ledger, [minted[0] as bigint], { feeToken: TOKEN }),
    spend(ledger, [minted[0] as bigint, 3n], { feeToken: TOKEN, fee: 9_000n }),
  ];
  const mintTxs = [mint(11, 400_000n, 11), mint(12, 300_000n, 12), mint(12, 100_000n, 13), mint(13, 1n, 11)];
  const mintConfigTxs = [configureMinting(21), configureMinting(22), configureMinting(21, { tombstoneBlock: 49n })];
  const some = <Item>(items: readonly Item[]): fc.Arbitrary<Item[]> => fc.shuffledSubarray([...items]);
  const proposals = fc.record({
    txs: some(plenty),
    again: some(plenty),
    mintTxs: some(mintTxs),
    mintConfigTxs: some(mintConfigTxs),
  });
  fc.assert(
    fc.property(proposals, ({ again, ...proposed }) => {
      fc.pre(proposed.txs.length + proposed.mintTxs.length + proposed.mintConfigTxs.length > 0);
      const formed = form(ledger, combine(ledger, proposed));
      const reversed = {
        txs: [...proposed.txs, ...again.filter((tx) => proposed.txs.includes(tx))].reverse(),
        mintTxs: [...proposed.mintTxs].reverse(),
        mintConfigTxs: [...proposed.mintConfigTxs].reverse(),
      };
      expect(form(ledger, combine(ledger, reversed)).block.id).toEqual(formed.block.id);
      const copy = copyOf(ledger);
      expect(appendContents(copy, formed.contents).block).toEqual(formed.block);
      expect(formed.contents.keyImages.length > 0).toBe(proposed.txs.length > 0);
      expect(ascending(formed.contents.keyImages)).toBe(true);
      expect(ascending(formed.contents.outputs.map(({ publicKey }) => publicKey))).toBe(true);
      expect(formed.contents.mintTxs.length > 0).toBe(proposed.mintTxs.length > 0);
    }),
    { numRuns: 12 },
  );
});

/** A ledger with the same blocks. */
function copyOf(source: Ledger): Ledger {
  const copy = foundLedger();
  for (let index = 1n; index < source.numBlocks(); index++) {
    const data = source.blockData(index);
    if (data !== undefined) copy.append(data);
  }
  return copy;
}

const ascending = (items: readonly Uint8Array[]): boolean => {
  const hex = items.map(toHex);
  return `${hex}` === `${[...new Set(hex)].sort()}`;
};

describe("of transactions that cannot all be in a block", () => {
  const chosen = (...txs: readonly Tx[]): Tx[] => combine(ledger, { txs }).txs.map(({ tx }) => tx);

  test("the one that pays most is, measured by the least fee of its token, then the one with the smaller hash", () => {
    const cheap = spend(ledger, [4n]);
    const dear = spend(ledger, [4n], { fee: 403_125_000n });
    expect(chosen(cheap, dear)).toEqual([dear]);
    const hardlyDearer = spend(ledger, [4n], { fee: 403_124_999n });
    const [first] = [cheap, hardlyDearer].sort((a, b) => (toHex(txHash(a)) < toHex(txHash(b)) ? -1 : 1));
    expect(chosen(cheap, hardlyDearer)).toEqual([first]);
    expect(chosen(hardlyDearer, cheap)).toEqual([first]);
    const both = [minted[0] as bigint, 4n];
    expect(chosen(dear, spend(ledger, both, { feeToken: TOKEN, fee: 1_040n }))[0]?.prefix.fee).toBe(1_040n);
    expect(chosen(dear, spend(ledger, both, { feeToken: TOKEN, fee: 1_031n }))).toEqual([dear]);
  });

  test("one that would make an output with a taken key is not, nor one that anticipates a minted output", () => {
    const [taken] = spend(ledger, [5n]).prefix.outputs;
    if (taken === undefined) throw new Error("It has change.");
    const thief = spend(ledger, [6n], { fee: 500_000_000n, change: withOutputKey(taken.publicKey) });
    expect(chosen(spend(ledger, [5n]), thief)).toEqual([thief]);
    const mintTxs = [mint(31, 7n)];
    const parentId = parentOf(ledger).id;
    const [anticipated] = mintedOutputs(mintTxs, { parentId, blockVersion: 4 });
    const spoiler = spend(ledger, [6n], { change: withOutputKey(anticipated?.publicKey as Uint8Array) });
    expect(combine(ledger, { txs: [spoiler], mintTxs }).txs).toEqual([]);
    expect(combine(ledger, { txs: [spoiler] }).txs).toHaveLength(1);
    const inputs = { ...combine(ledger, { mintTxs }), txs: [withProofs(ledger, spoiler)] };
    refused(inputs, "duplicate-output-public-key");
  });

  test("minters who share what a token has left do not mint more than that together", () => {
    // 1 800 000 of 2 500 000 are minted.
    const mintTxs = [mint(41, 400_000n, 11), mint(42, 400_000n, 12)];
    const { mintTxs: one } = combine(ledger, { mintTxs });
    expect(one.map(({ mintTx }) => mintTx)).toEqual([mintTxs[0]]);
    appendContents(copyOf(ledger), form(ledger, combine(ledger, { mintTxs })).contents);
  });
});

/** Gives the change another public key. */
function withOutputKey(publicKey: Uint8Array): (unsigned: UnsignedTx) => UnsignedTx {
  return ({ prefix, ...rest }) => ({
    ...rest,
    prefix: {
      ...prefix,
      outputs: prefix.outputs.map((txOut) => ({ ...txOut, publicKey: compressedPoint(publicKey) })),
    },
  });
}

function refused(inputs: BlockInputs, code: BlockErrorCode, change: Partial<Forming> = {}): void {
  const blockIndex = ledger.numBlocks();
  expect(() => form(ledger, inputs, change)).toThrow(expect.objectContaining({ name: "BlockError", code, blockIndex }));
}

describe("a block is not formed", () => {
  const none = (): BlockInputs => ({ txs: [], mintConfigTxs: [], mintTxs: [], rootElement: ledger.root() });
  const of = (...txs: readonly Tx[]): BlockInputs => ({ ...none(), txs: txs.map((tx) => withProofs(ledger, tx)) });

  test("of nothing, of too much, or with a lower version", () => {
    refused(none(), "empty-block");
    const tx = withProofs(ledger, spend(ledger, [7n]));
    refused({ ...none(), txs: Array.from({ length: 5_001 }, () => tx) }, "too-many-transactions");
    const mintConfigTxs = Array.from({ length: 11 }, (_, i) => configureMinting(i));
    refused({ ...none(), mintConfigTxs }, "too-many-transactions");
    refused({ ...none(), mintConfigTxs: mintConfigTxs.slice(1) }, "block-version-decreases", { blockVersion: 3 });
    expect(() => form(ledger, { ...none(), mintConfigTxs: mintConfigTxs.slice(1) })).not.toThrow();
  });

  test("of transactions that became invalid, or are damaged in any part", () => {
    const late = spend(ledger, [7n], { tombstoneBlock: ledger.numBlocks() + 1n });
    expect(() => form(ledger, of(late))).not.toThrow();
    const parent = { ...parentOf(ledger), index: parentOf(ledger).index + 1n };
    expect(() => formBlock(parent, of(late), forming())).toThrow(/tombstone-block-exceeded/);
    const { signature, ...rest } = spend(ledger, [7n]);
    const [proof] = signature.rangeProofs;
    const spoiled = (proof as Uint8Array).map((byte, i) => (i === 200 ? byte ^ 1 : byte));
    const damaged = { ...rest, signature: { ...signature, rangeProofs: [spoiled] } };
    refused(of(spend(ledger, [8n]), damaged), "invalid-transaction");
  });

  test("of what the ledger forbids, whatever is known of its signature, nor of a signature that is known to be bad", () => {
    const late = spend(ledger, [7n], { tombstoneBlock: ledger.numBlocks() + 1n });
    const known = (tx: Tx, signatureResult: "valid" | "invalid-signature"): BlockInputs => ({
      ...none(),
      txs: [{ ...withProofs(ledger, tx), signatureResult }],
    });
    expect(form(ledger, known(late, "valid"))).toEqual(form(ledger, of(late)));
    refused(known(late, "invalid-signature"), "invalid-transaction");
    const parent = { ...parentOf(ledger), index: parentOf(ledger).index + 1n };
    expect(() => formBlock(parent, known(late, "valid"), forming())).toThrow(/tombstone-block-exceeded/);
    refused({ ...known(late, "valid"), rootElement: foundLedger().root() }, "root-element-mismatch");
    const [one] = known(late, "valid").txs;
    if (one === undefined) throw new Error("There is one.");
    refused({ ...none(), txs: [one, one] }, "duplicate-transaction");
    refused({ ...none(), txs: [{ ...one, rootProofs: [] }] }, "invalid-transaction");
  });

  test("of transactions validated against another ledger than the parent's", () => {
    refused({ ...of(spend(ledger, [7n])), rootElement: foundLedger().root() }, "root-element-mismatch");
  });

  test("of what conflicts", () => {
    const tx = spend(ledger, [7n]);
    refused(of(tx, tx), "duplicate-transaction");
    refused(of(tx, spend(ledger, [7n], { number: 1 })), "duplicate-key-image");
    const key = withOutputKey(tx.prefix.outputs[0]?.publicKey as Uint8Array);
    refused(of(tx, spend(ledger, [8n], { change: key })), "duplicate-output-public-key");
  });

  test("of configurations of minting that the governors did not sign, or with one nonce", () => {
    const configuring = (...mintConfigTxs: readonly MintConfigTx[]): BlockInputs => ({ ...none(), mintConfigTxs });
    refused(configuring(configureMinting(1, {}, 19)), "invalid-mint-config-tx");
    refused(configuring(configureMinting(1, { tombstoneBlock: ledger.numBlocks() })), "invalid-mint-config-tx");
    refused(configuring(configureMinting(1)), "invalid-mint-config-tx", { governors: () => undefined });
    refused(configuring(configureMinting(1), configureMinting(1, { tombstoneBlock: 49n })), "duplicate-mint-nonce");
  });

  test("of minting that was not configured, that nobody signed, or of which a configuration would be charged twice", () => {
    const mintConfigTx = configureMinting(1);
    const [mintConfig, second] = mintConfigTx.prefix.configs;
    if (mintConfig === undefined || second === undefined) throw new Error("There are three.");
    const by = (mintTx: MintTx, change: object = {}): BlockInputs["mintTxs"][number] => ({
      mintTx,
      mintConfigTx,
      mintConfig,
      ...change,
    });
    const minting = (...mintTxs: BlockInputs["mintTxs"]): BlockInputs => ({ ...none(), mintTxs });
    expect(() => form(ledger, minting(by(mint(51, 5n))))).not.toThrow();
    refused(minting(by(mint(51, 5n, 12))), "invalid-mint-tx");
    refused(minting(by(mint(51, 5n), { mintConfig: { ...mintConfig, mintLimit: 9n } })), "invalid-mint-tx");
    refused(minting(by(mint(51, 5n), { mintConfigTx: configureMinting(1, {}, 19) })), "invalid-mint-tx");
    refused(minting(by(mint(51, 5n)), by(mint(52, 5n))), "mint-config-used-twice");
    const other = by(mint(51, 5n, 12), { mintConfig: second });
    refused(minting(by(mint(51, 5n)), other), "duplicate-mint-nonce");
    // A configuration in force may be older than its tombstone block; a minting transaction may not.
    const old = configureMinting(1, { tombstoneBlock: 1n });
    expect(() => form(ledger, minting(by(mint(51, 5n), { mintConfigTx: old })))).not.toThrow();
    refused(minting(by(mint(51, 5n, 11, ledger.numBlocks()))), "invalid-mint-tx");
  });
});
