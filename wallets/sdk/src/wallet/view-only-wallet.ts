// A wallet that sees and prepares, and a machine without a network that signs: no key that spends is ever where the network is.
import type { AccountKey, PublicAddress } from "@fogbow/core-account";
import { equalBytes, MOB, type Random, Secret, type TokenId, tokenValue } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint } from "@fogbow/core-crypto";
import {
  ATTEMPT_NONCE_BYTES,
  decodeTx,
  decodeUnsignedTx,
  encodeTx,
  ringSigner,
  selectInputs,
  signBuiltTx,
  type Tx,
  txOutFromWire,
  txOutToWire,
  WALLET_SECRET_BYTES_MIN,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  KeyImageAnswerSchema,
  KeyImageQuestionSchema,
  readPresent,
} from "@fogbow/core-wire";
import { FogAccount, type FogAccountOptions, type PollResult } from "../account/fog-account.ts";
import { addressesOf, type FogViewKeys } from "../account/fog-view-keys.ts";
import { OutputReader, type OwnedOutput } from "../account/owned-output.ts";
import { orSdkError, SdkError } from "../error.ts";
import { OFFLINE_OUTPUTS_MAX, STATE_BYTES_MAX } from "../limits.ts";
import { buildUnsignedPayment, type UnsignedPayment } from "./build-payment.ts";
import type { PaymentDraft, PayRequest } from "./draft.ts";
import { Payment } from "./payment.ts";
import type { WalletParts } from "./wallet.ts";

/** What a view-only wallet knows of one token, in its smallest unit. */
export interface SeenBalance {
  /** Received and not known to be spent. */
  readonly value: bigint;
  readonly token: TokenId;
  /** A count of blocks. */
  readonly asOf: bigint;
  /** False while some of it may be spent unseen: the owner has not told the key images. */
  readonly spendsKnown: boolean;
}

/** Whose money is looked at. */
export type ViewOnlyOptions = FogAccountOptions & { readonly account: FogViewKeys };

interface Prepared extends UnsignedPayment {
  readonly draft: PaymentDraft;
  readonly feeMapDigest: Uint8Array;
}

/** Sees what an account receives, prepares payments and sends what its owner has signed. */
export class ViewOnlyWallet {
  readonly #account: FogViewKeys;
  readonly #parts: WalletParts;
  readonly #fog: FogAccount;
  readonly #decoys = new Map<bigint, readonly bigint[]>();
  #prepared: Prepared[] = [];
  readonly address: PublicAddress;

  /** Throws SdkError `state-damaged` for a saved state that is not this wallet's. */
  constructor(options: ViewOnlyOptions, parts: WalletParts) {
    this.#account = options.account;
    this.#parts = parts;
    this.#fog = new FogAccount(options, parts);
    this.address = addressesOf(options.account).default;
  }

  /** Asks Fog what is new; see {@link FogAccount.poll}. */
  poll(signal?: AbortSignal): Promise<PollResult> {
    return this.#fog.poll(signal);
  }

  /** Everything to go on from; see {@link FogAccount.save}. What was prepared and is not sent is lost. */
  save(): Secret {
    return this.#fog.save();
  }

  balance(token: TokenId = MOB): SeenBalance {
    const { blockCount, sums } = this.#fog.balance;
    const spendsKnown = this.#fog.unnamed.every(({ amount }) => amount.tokenId !== token);
    return { value: sums.get(token) ?? 0n, token, asOf: blockCount, spendsKnown };
  }

  /** What to ask the owner's machine: outputs whose key images nobody has told. Undefined when there are none. */
  keyImageQuestion(): Uint8Array | undefined {
    const outputs = this.#fog.unnamed.slice(0, OFFLINE_OUTPUTS_MAX);
    if (outputs.length === 0) return undefined;
    return encodeMessage(KeyImageQuestionSchema, {
      outputs: outputs.map(({ globalIndex, txOut }) => ({ globalIndex, txOut: txOutToWire(txOut) })),
    });
  }

  /** Takes its answer. The next poll finds out what is spent. Throws SdkError `code-invalid`. */
  learnKeyImages(answer: Uint8Array): void {
    const keyImages = new Map<bigint, CompressedPoint>();
    orSdkError("code-invalid", "These are no key images.", () => {
      const message = decodeMessage(KeyImageAnswerSchema, answer, { bytesMax: STATE_BYTES_MAX });
      for (const { globalIndex, keyImage } of message.keyImages) keyImages.set(globalIndex, compressedPoint(keyImage));
    });
    this.#fog.learnKeyImages(keyImages);
  }

  /**
   * A payment to be signed by the owner's machine, as bytes that are as secret as its amounts. Of outputs only whose key images are known.
   * Throws SdkError as `Wallet.pay` does, and `not-synced` when there would be enough with those that are not.
   */
  async prepare(
    { to, amount, tokenId = MOB, paymentRequestId }: PayRequest,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const node = await this.#parts.consensus.info(signal);
    const fee = node.minimumFees.minimum(tokenId);
    if (fee === undefined || amount < 1n)
      throw new SdkError("amount-invalid", "A payment is of a token of the network.");
    const taken = new Set(this.#prepared.flatMap(({ draft }) => draft.spent.map(({ globalIndex }) => globalIndex)));
    const utxos = this.#fog.spendable
      .filter((output) => output.amount.tokenId === tokenId && !taken.has(output.globalIndex))
      .map((output) => ({ value: output.amount.value, output }));
    const selection = selectInputs({ amount, fee, utxos });
    if (selection.kind !== "selected") throw this.#tooLittle(tokenId, amount + fee);
    const common = { to, paymentRequestId, spent: selection.inputs.map(({ output }) => output) };
    const values = { amount: { value: tokenValue(amount), tokenId }, fee: { value: tokenValue(fee), tokenId } };
    const draft: PaymentDraft = { ...common, ...values, kind: "payment" };
    const { ledger, reports, random } = this.#parts;
    const moment = { node, txoCount: this.#fog.txoCount, signal };
    const parts = { account: this.#account, ledger, reports, random, decoys: this.#decoys };
    const built = await buildUnsignedPayment(draft, moment, parts);
    this.#prepared.push({ ...built, draft, feeMapDigest: node.minimumFees.digest });
    return built.unsignedTx;
  }

  /** Makes a payment that was prepared here, once it is signed. Throws SdkError `code-invalid` for what is none. */
  send(signed: Uint8Array): Payment {
    const tx = orSdkError("code-invalid", "This is no transaction.", () => decodeTx(signed));
    const prepared = this.#prepared.find(({ unsignedTx }) => isOf(tx, unsignedTx));
    if (prepared === undefined) throw new SdkError("code-invalid", "This transaction was not prepared here.");
    this.#prepared = this.#prepared.filter((each) => each !== prepared);
    const { draft, txOut, receipt, feeMapDigest } = prepared;
    const built = { tx: { ...tx, feeMapDigest }, txOut, receipt };
    return new Payment(draft, built, { ...this.#parts, onEnd: () => undefined });
  }

  /** Lets go of payments that were prepared and will not be sent. */
  forgetPrepared(): void {
    this.#prepared = [];
  }

  #tooLittle(tokenId: TokenId, needed: bigint): SdkError {
    const unnamed = this.#fog.unnamed.filter(({ amount }) => amount.tokenId === tokenId);
    const mayBe = unnamed.reduce((sum, { amount }) => sum + amount.value, 0n);
    return mayBe > 0n
      ? new SdkError("not-synced", "Ask the owner's machine for key images first: what else there is may be spent.")
      : new SdkError("insufficient-funds", `The wallet has less than ${needed}, or in too many pieces.`);
  }
}

/** The owner's machine, which needs no network. */
export class OfflineSigner {
  readonly #account: AccountKey;
  readonly #reader: OutputReader;
  readonly #random: Random;

  /** `subaddressIndices` as the view-only wallet has them. */
  constructor(account: AccountKey, { random, subaddressIndices = [] }: OfflineSignerParts) {
    this.#account = account;
    this.#random = random;
    this.#reader = OutputReader.of(account, subaddressIndices);
  }

  /** Answers what a view-only wallet asks; says nothing of outputs that are not this account's. Throws SdkError `code-invalid`. */
  keyImages(question: Uint8Array): Uint8Array {
    const outputs = orSdkError("code-invalid", "This is no question for key images.", () => {
      const message = decodeMessage(KeyImageQuestionSchema, question, { bytesMax: STATE_BYTES_MAX });
      if (message.outputs.length > OFFLINE_OUTPUTS_MAX) throw new SdkError("too-many-items", "Ask for fewer at once.");
      return message.outputs.map(({ globalIndex, txOut }) => ({
        globalIndex,
        txOut: txOutFromWire(readPresent(txOut, "tx_out")),
      }));
    });
    const own = outputs.flatMap(({ globalIndex, txOut }): OwnedOutput[] => {
      const found = this.#reader.ofTxOut(txOut, { globalIndex, blockIndex: 0n, timestamp: 0n });
      return found === undefined ? [] : [found];
    });
    return encodeMessage(KeyImageAnswerSchema, {
      keyImages: own.flatMap(({ globalIndex, keyImage }) =>
        keyImage === undefined ? [] : [{ globalIndex, keyImage }],
      ),
    });
  }

  /**
   * Signs what `ViewOnlyWallet.prepare` gave: the transaction's bytes. Show its owner what it pays before, `decodeUnsignedTx` reads it.
   * Throws SdkError `code-invalid`, and TransactionError as signing does: `value-not-conserved`, `no-path-to-spend-key` …
   */
  sign(unsigned: Uint8Array): Uint8Array {
    const unsignedTx = orSdkError("code-invalid", "This is no transaction to be signed.", () =>
      decodeUnsignedTx(unsigned),
    );
    const walletSecret = new Secret(this.#random(WALLET_SECRET_BYTES_MIN));
    try {
      const seed = { walletSecret, attemptNonce: this.#random(ATTEMPT_NONCE_BYTES) };
      return encodeTx(signBuiltTx(unsignedTx, { seed, signer: ringSigner(this.#account) }));
    } finally {
      walletSecret.wipe();
    }
  }
}

/** What a machine that signs is given. */
export interface OfflineSignerParts {
  readonly random: Random;
  readonly subaddressIndices?: readonly bigint[];
}

/** Whether a transaction is what was prepared: its outputs are. */
function isOf({ prefix }: Tx, unsignedTx: Uint8Array): boolean {
  const { outputs } = decodeUnsignedTx(unsignedTx).prefix;
  return (
    outputs.length === prefix.outputs.length &&
    outputs.every(({ publicKey }, i) => equalBytes(publicKey, prefix.outputs[i]?.publicKey ?? new Uint8Array(0)))
  );
}
