// What a wallet has received and sent, from its outputs and their memos alone: nothing is kept that a restored wallet would lack
// (spec 01 §6.6, "recoverable transaction history").
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  type PublicAddress,
  shortAddressHash,
  subaddress,
} from "@fogbow/core-account";
import { type Bytes, equalBytes, type TokenId } from "@fogbow/core-bytes";
import { decodeMemo, type Memo, verifySenderMemo } from "@fogbow/core-transaction";
import type { OwnedOutput } from "../account/owned-output.ts";

/** What happened, and where. `net` is what it did to the balance of the token, in its smallest unit. */
export type HistoryEntry = {
  readonly blockIndex: bigint;
  /** Seconds since 1970; 2^64 − 1 where nobody knows. */
  readonly timestamp: bigint;
  readonly tokenId: TokenId;
  readonly net: bigint;
} & (
  | {
      readonly kind: "received";
      /** Of the contacts, the one who has proven to this wallet, and to nobody else, to be the sender. */
      readonly sender: PublicAddress | undefined;
      readonly paymentRequestId: bigint | undefined;
    }
  | {
      readonly kind: "sent";
      /** Without the fee. */
      readonly amount: bigint;
      readonly fee: bigint;
      /** Outputs for others; of the last one: */
      readonly recipients: number;
      readonly recipientHash: Bytes<16>;
      /** The contact whose address has this hash. */
      readonly recipient: PublicAddress | undefined;
      readonly paymentRequestId: bigint | undefined;
    }
  /** Outputs of the wallet's own became one; `net` is the fee. */
  | { readonly kind: "merged" }
  /** What no memo explains: a wallet without memos paid, or something was spent whose change is not found yet. */
  | { readonly kind: "unexplained" }
);

/** What is known of a wallet. */
export interface HistoryOf {
  readonly account: AccountKey;
  /** Every output, spent or not. */
  readonly outputs: readonly OwnedOutput[];
  /** Blocks below it are complete, and no others are told. */
  readonly blockCount: bigint;
  /** Whom the wallet knows by address. */
  readonly contacts: readonly PublicAddress[];
}

/**
 * The history, oldest first. The sum of all `net` of a token is its balance at the block count, always: what memos do not explain
 * is told as such.
 */
export function historyOf({ account, outputs, blockCount, contacts }: HistoryOf): HistoryEntry[] {
  const happened = new Map<string, { readonly made: OwnedOutput[]; readonly spent: OwnedOutput[] }>();
  const at = (block: bigint, tokenId: TokenId): { readonly made: OwnedOutput[]; readonly spent: OwnedOutput[] } => {
    const name = `${block}/${tokenId}`;
    const known = happened.get(name) ?? { made: [], spent: [] };
    happened.set(name, known);
    return known;
  };
  for (const output of outputs) {
    const { amount, blockIndex, status } = output;
    if (blockIndex < blockCount) at(blockIndex, amount.tokenId).made.push(output);
    if (status.kind === "spent" && status.at < blockCount) at(status.at, amount.tokenId).spent.push(output);
  }
  return [...happened]
    .flatMap(([name, block]) => entriesOf(BigInt(name.split("/", 1)[0] ?? 0), block, { account, contacts }))
    .sort((a, b) => (a.blockIndex < b.blockIndex ? -1 : Number(a.blockIndex > b.blockIndex)));
}

/** Everything of one token in one block. */
function entriesOf(
  blockIndex: bigint,
  { made, spent }: { readonly made: readonly OwnedOutput[]; readonly spent: readonly OwnedOutput[] },
  known: Pick<HistoryOf, "account" | "contacts">,
): HistoryEntry[] {
  const [any] = [...made, ...spent];
  if (any === undefined) return [];
  const out = sum(spent);
  const entries = made.flatMap((output) => {
    const what = explain(output, out, known);
    return what === undefined ? [] : [{ ...placeOf(output), ...what }];
  });
  const net = sum(made) - out - entries.reduce((total, entry) => total + entry.net, 0n);
  if (net === 0n) return entries;
  const timestamp = made[0]?.timestamp ?? UNKNOWN_TIME;
  return [...entries, { kind: "unexplained", blockIndex, timestamp, tokenId: any.amount.tokenId, net }];
}

type Explained = { readonly net: bigint } & (
  | Omit<Extract<HistoryEntry, { readonly kind: "received" }>, keyof ReturnType<typeof placeOf>>
  | Omit<Extract<HistoryEntry, { readonly kind: "sent" }>, keyof ReturnType<typeof placeOf>>
  | Omit<Extract<HistoryEntry, { readonly kind: "merged" }>, keyof ReturnType<typeof placeOf>>
);

/** What an output tells. Its change tells of the payment; only the wallet itself knows where to send that. */
function explain(
  output: OwnedOutput,
  spent: bigint,
  known: Pick<HistoryOf, "account" | "contacts">,
): Explained | undefined {
  const memo = decodeMemo(output.memo);
  const { value } = output.amount;
  if (output.subaddressIndex === CHANGE_SUBADDRESS) return explainChange(memo, known.contacts);
  // Anybody may write that he merges outputs: it is so only where this wallet spent them.
  if (memo.kind === "defragmentation" && spent >= value + memo.fee) return { kind: "merged", net: -memo.fee };
  const paymentRequestId = "paymentRequestId" in memo ? memo.paymentRequestId : undefined;
  return { kind: "received", net: value, sender: senderOf(output, memo, known), paymentRequestId };
}

function explainChange(memo: Memo, contacts: HistoryOf["contacts"]): Explained | undefined {
  switch (memo.kind) {
    case "destination":
    case "destination-with-payment-request-id":
    case "destination-with-payment-intent-id": {
      const { fee, totalOutlay, recipientCount: recipients, recipientHash } = memo;
      const recipient = contacts.find((contact) => equalBytes(shortAddressHash(contact), recipientHash));
      const paymentRequestId = "paymentRequestId" in memo ? memo.paymentRequestId : undefined;
      const amount = totalOutlay - fee;
      return { kind: "sent", net: -totalOutlay, amount, fee, recipients, recipientHash, recipient, paymentRequestId };
    }
    default:
      return undefined; // It came back from something that the other outputs, or nothing, explain.
  }
}

function senderOf(
  { memo: payload, subaddressIndex, txOut }: OwnedOutput,
  memo: Memo,
  { account, contacts }: Pick<HistoryOf, "account" | "contacts">,
): PublicAddress | undefined {
  if (!("senderHash" in memo)) return undefined;
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, subaddressIndex);
  try {
    const check = { payload, subaddressViewPrivateKey: viewPrivateKey, txOutPublicKey: txOut.publicKey };
    return contacts.find((sender) => verifySenderMemo({ ...check, sender }));
  } finally {
    viewPrivateKey.wipe();
    spendPrivateKey.wipe();
  }
}

function placeOf({
  blockIndex,
  timestamp,
  amount,
}: OwnedOutput): Pick<HistoryEntry, "blockIndex" | "timestamp" | "tokenId"> {
  return { blockIndex, timestamp, tokenId: amount.tokenId };
}

function sum(outputs: readonly OwnedOutput[]): bigint {
  return outputs.reduce((total, { amount }) => total + amount.value, 0n);
}

const UNKNOWN_TIME = 2n ** 64n - 1n;
