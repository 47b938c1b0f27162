// What a wallet that pays keeps beyond what Fog lets it find again: decoys that were drawn, and payments that are not decided.
import { decodePublicAddress, encodePublicAddress } from "@fogbow/core-account";
import { Secret, tokenId, tokenValue, wipeBytes } from "@fogbow/core-bytes";
import { decodeReceipt, decodeTx, decodeTxOut, encodeReceipt, encodeTx, encodeTxOut } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, type FogPaymentState, FogWalletStateSchema } from "@fogbow/core-wire";
import type { OwnedOutput } from "../account/owned-output.ts";
import { SdkError } from "../error.ts";
import { STATE_BYTES_MAX } from "../limits.ts";
import type { BuiltPayment } from "./build-payment.ts";
import type { PaymentDraft } from "./draft.ts";

/** A payment with what it was built from. */
export interface KeptPayment {
  readonly draft: PaymentDraft;
  readonly built: BuiltPayment;
}

/** What is kept. */
export interface WalletState {
  /** Of the {@link FogAccount}. */
  readonly account: Secret;
  /** By the index of the output that they hide. */
  readonly decoys: ReadonlyMap<bigint, readonly bigint[]>;
  readonly payments: readonly KeptPayment[];
}

/** A state that was read; outputs are still only named. */
export interface ReadWalletState extends Omit<WalletState, "payments"> {
  /** The payments, once the outputs that they spend are there: those of which one is missing are left out. */
  readonly payments: (output: (index: bigint) => OwnedOutput | undefined) => KeptPayment[];
}

/** The state as bytes: a secret, as that of the account is. */
export function encodeWalletState({ account, decoys, payments }: WalletState): Secret {
  return new Secret(
    encodeMessage(FogWalletStateSchema, {
      account: account.expose(),
      decoys: [...decoys].map(([globalIndex, members]) => ({ globalIndex, decoys: [...members] })),
      payments: payments.map(({ draft, built }) => ({
        tx: encodeTx(built.tx),
        txOut: encodeTxOut(built.txOut),
        receipt: encodeReceipt(built.receipt),
        address: encodePublicAddress(draft.to),
        amount: draft.amount.value,
        fee: draft.fee.value,
        tokenId: draft.amount.tokenId,
        spent: draft.spent.map(({ globalIndex }) => globalIndex),
        isConsolidation: draft.kind === "consolidation",
        ...(draft.paymentRequestId !== undefined && { paymentRequestId: draft.paymentRequestId }),
      })),
    }),
  );
}

/** The state of its bytes. Throws SdkError `state-damaged`: begin with nothing then. */
export function decodeWalletState(saved: Secret): ReadWalletState {
  try {
    const message = decodeMessage(FogWalletStateSchema, saved.expose(), { bytesMax: STATE_BYTES_MAX });
    const account = new Secret(message.account.slice());
    wipeBytes(message.account);
    const kept = message.payments.map((payment) => ({ spent: payment.spent, read: readPayment(payment) }));
    return {
      account,
      decoys: new Map(message.decoys.map(({ globalIndex, decoys }) => [globalIndex, decoys])),
      payments: (output) =>
        kept.flatMap(({ spent, read }) => {
          const found = spent.map(output);
          return found.every((each) => each !== undefined) ? [read(found)] : [];
        }),
    };
  } catch (cause) {
    throw new SdkError("state-damaged", "The saved state cannot be read. Begin with none.", { cause });
  }
}

function readPayment(message: FogPaymentState): (spent: readonly OwnedOutput[]) => KeptPayment {
  const token = tokenId(message.tokenId);
  const built = {
    tx: decodeTx(message.tx),
    txOut: decodeTxOut(message.txOut),
    receipt: decodeReceipt(message.receipt),
  };
  const draft = {
    kind: message.isConsolidation ? ("consolidation" as const) : ("payment" as const),
    to: decodePublicAddress(message.address),
    amount: { value: tokenValue(message.amount), tokenId: token },
    fee: { value: tokenValue(message.fee), tokenId: token },
    paymentRequestId: message.paymentRequestId,
  };
  return (spent) => ({ draft: { ...draft, spent }, built });
}
