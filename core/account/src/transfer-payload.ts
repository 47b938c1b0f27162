// An output given away together with the account that owns it (spec 01 §3).
import { Secret } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint } from "@fogbow/core-crypto";
import { readData, type TransferPayload as WireTransferPayload } from "@fogbow/core-wire";
import { accountKeyFromBip39Entropy } from "./account-from-mnemonic.ts";
import type { AccountKey } from "./account-key.ts";
import { AccountError } from "./error.ts";
import { accountKeyFromRootEntropy } from "./root-entropy.ts";

/** An output and the account that owns it. Codes can be read with both entropies or none; such a payload has no use. */
export interface TransferPayload {
  /** The account, as the entropy of a recovery phrase used at index 0. */
  readonly bip39Entropy?: Secret | undefined;
  /** The account, as a legacy root entropy. */
  readonly rootEntropy?: Secret | undefined;
  /** Which output: its public key. */
  readonly txOutPublicKey: CompressedPoint;
  /** A note to whoever takes it. */
  readonly memo: string;
}

/** The account in a payload. Throws `not-one-entropy` unless it names exactly one, or `bad-entropy-length`. */
export function accountKeyFromTransferPayload({ bip39Entropy, rootEntropy }: TransferPayload): AccountKey {
  if (bip39Entropy !== undefined && rootEntropy === undefined) {
    return accountKeyFromBip39Entropy(bip39Entropy, 0);
  }
  if (rootEntropy !== undefined && bip39Entropy === undefined) {
    return accountKeyFromRootEntropy(rootEntropy);
  }
  throw new AccountError("not-one-entropy", "A transfer payload must name exactly one account.");
}

/** The payload as its message. */
export function transferPayloadToWire(payload: TransferPayload): {
  rootEntropy: Uint8Array;
  txOutPublicKey: { data: Uint8Array };
  memo: string;
  bip39Entropy: Uint8Array;
} {
  return {
    rootEntropy: payload.rootEntropy?.expose() ?? new Uint8Array(),
    txOutPublicKey: { data: payload.txOutPublicKey },
    memo: payload.memo,
    bip39Entropy: payload.bip39Entropy?.expose() ?? new Uint8Array(),
  };
}

/** The payload in its message. Throws WireError `missing-field` or `wrong-length`. */
export function transferPayloadFromWire(message: WireTransferPayload): TransferPayload {
  return {
    txOutPublicKey: compressedPoint(readData(message.txOutPublicKey, 32, "tx_out_public_key")),
    memo: message.memo,
    bip39Entropy: entropy(message.bip39Entropy),
    rootEntropy: entropy(message.rootEntropy),
  };
}

/** A copy, or undefined when the field is empty. */
function entropy(data: Uint8Array): Secret | undefined {
  return data.length === 0 ? undefined : new Secret(new Uint8Array(data));
}
