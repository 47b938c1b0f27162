// Swaps of one token for another: an output that its owner offers to whoever pays the price, in one transaction that makes both sides
// happen or neither (signed contingent inputs, spec 02 §5.8).
import { type Amount, equalBytes, MOB, Secret, type TokenId, tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  ATTEMPT_NONCE_BYTES,
  type AttemptSeed,
  blockVersion,
  buildUnsignedOffer,
  buildUnsignedTx,
  createReceipt,
  decodeSignedContingentInput,
  EmptyMemoBuilder,
  encodeSignedContingentInput,
  encodeTxOut,
  fillOffer,
  INPUTS_MAX,
  type LedgerTxOut,
  reservedAddresses,
  ringSigner,
  type SignedContingentInput,
  selectInputs,
  signBuiltOffer,
  signBuiltTx,
  validateSignedContingentInput,
  WALLET_SECRET_BYTES_MIN,
} from "@fogbow/core-transaction";
import type { OwnedOutput } from "../account/owned-output.ts";
import { orSdkError, SdkError } from "../error.ts";
import {
  type BuildMoment,
  type BuildParts,
  type BuiltPayment,
  fetchIngressKeys,
  fetchInputs,
  LIFETIME_BLOCKS,
} from "./build-payment.ts";
import type { PaymentDraft } from "./draft.ts";

/** What is given for what, in the smallest units of two tokens. */
export interface SwapTerms {
  readonly give: Amount;
  readonly want: Amount;
}

/** An offer as its maker has it. */
export interface Offer extends SwapTerms {
  /** To be sent to whoever may take it, who learns what the offered output holds. */
  readonly bytes: Uint8Array;
  /** The block before which it is taken, or never. */
  readonly tombstoneBlock: bigint;
  /** What is offered: spending it takes the offer back. */
  readonly output: OwnedOutput;
}

/** An offer as its taker reads it: `give` is what the taker gets. */
export interface ReadOffer extends SwapTerms {
  readonly tombstoneBlock: bigint | undefined;
  readonly signed: SignedContingentInput;
}

/** As many of the sixteen inputs that a transaction may have as the offer leaves. */
const OWN_INPUTS: number = INPUTS_MAX - 1;

/** Signs an offer of an output. Throws SdkError and TransactionError as a payment does. */
export async function makeOffer(
  { give, want }: SwapTerms,
  output: OwnedOutput,
  { node, txoCount, signal }: BuildMoment,
  parts: BuildParts,
): Promise<Offer> {
  const own = reservedAddresses(parts.account);
  const wanted = node.blockCount + LIFETIME_BLOCKS;
  const [{ inputs }, ingressKey] = await Promise.all([
    fetchInputs({ spent: [output] }, { txoCount, signal }, parts),
    fetchIngressKeys([own.default], { wanted, signal }, parts),
  ]);
  const [input] = inputs;
  if (input === undefined) throw new Error("There is one for each output.");
  return seeded(parts, (seed) => {
    const { unsignedOffer, outputs } = buildUnsignedOffer(
      {
        blockVersion: blockVersion(node.blockVersion),
        input,
        offered: give.value,
        required: [{ destination: { kind: "payment", recipient: own.default }, amount: want }],
        own,
        lifetime: { currentBlock: node.blockCount, tombstoneBlock: wanted },
        memoBuilder: () => new EmptyMemoBuilder(),
        ingressKey,
      },
      seed,
    );
    for (const { sharedSecret } of outputs) sharedSecret.wipe();
    const signed = signBuiltOffer(unsignedOffer, { seed, signer: ringSigner(parts.account) });
    const tombstoneBlock = signed.txIn.inputRules?.maxTombstoneBlock ?? wanted;
    return { give, want, bytes: encodeSignedContingentInput(signed), tombstoneBlock, output };
  });
}

/** What an offer says. Throws SdkError `offer-invalid`: also for one of which a part can be taken, or that asks for several tokens. */
export function readOffer(bytes: Uint8Array): ReadOffer {
  const signed = orSdkError("offer-invalid", "These bytes are no offer.", () => decodeSignedContingentInput(bytes));
  const { txIn, pseudoOutputAmount, requiredOutputAmounts } = signed;
  const rules = txIn.inputRules;
  if (validateSignedContingentInput(signed) !== "valid" || rules === undefined) {
    throw invalid("The offer is not signed by the owner of what it offers.");
  }
  if (rules.partialFillChange !== undefined) throw invalid("The offer is one of which parts are taken.");
  const given = pseudoOutputAmount.tokenId;
  const returned = sumOf(requiredOutputAmounts.filter((amount) => amount.tokenId === given));
  const asked = requiredOutputAmounts.filter((amount) => amount.tokenId !== given);
  const wanted = asked[0]?.tokenId;
  if (wanted === undefined || asked.some((amount) => amount.tokenId !== wanted)) {
    throw invalid("The offer asks for none or for several other tokens.");
  }
  if (returned >= pseudoOutputAmount.value) throw invalid("The offer offers nothing.");
  return {
    give: { value: tokenValue(pseudoOutputAmount.value - returned), tokenId: tokenId(given) },
    want: { value: tokenValue(sumOf(asked)), tokenId: tokenId(wanted) },
    tombstoneBlock: rules.maxTombstoneBlock === 0n ? undefined : rules.maxTombstoneBlock,
    signed,
  };
}

/**
 * The outputs that pay for an offer and for the fee, which is in MOB: none that the offer's ring has, by itself or by a decoy that was
 * drawn for it before. Throws SdkError `insufficient-funds`.
 */
export function chooseForOffer(
  { give, want, signed }: ReadOffer,
  fee: bigint,
  {
    free,
    decoys,
  }: { readonly free: (token: TokenId) => readonly OwnedOutput[]; readonly decoys: BuildParts["decoys"] },
): readonly OwnedOutput[] {
  const ring = new Set(signed.txOutGlobalIndices);
  const isApart = ({ globalIndex }: OwnedOutput): boolean =>
    [globalIndex, ...(decoys.get(globalIndex) ?? [])].every((index) => !ring.has(index));
  const gotten = give.tokenId === MOB ? give.value : 0n;
  const needs = new Map<TokenId, bigint>([[want.tokenId, want.value]]);
  needs.set(MOB, (needs.get(MOB) ?? 0n) + (fee > gotten ? fee - gotten : 0n));
  const chosen: OwnedOutput[] = [];
  for (const [token, amount] of needs) {
    if (amount === 0n) continue;
    const utxos = free(token)
      .filter(isApart)
      .map((output) => ({ value: output.amount.value, output }));
    const selection = selectInputs({ amount, fee: 0n, utxos, inputsMax: OWN_INPUTS - chosen.length });
    if (selection.kind === "insufficient-funds") {
      throw new SdkError(
        "insufficient-funds",
        `The wallet has less than the ${amount} of token ${token} that the swap takes.`,
      );
    }
    if (selection.kind === "consolidation-needed") {
      throw new SdkError(
        "insufficient-funds",
        `What the wallet has of token ${token} is in too many pieces: pay it to yourself.`,
      );
    }
    chosen.push(...selection.inputs.map(({ output }) => output));
  }
  return chosen;
}

/** Builds and signs the transaction that takes an offer. Throws SdkError `offer-invalid`, and as a payment does. */
export async function buildSwap(
  draft: PaymentDraft,
  { signed }: ReadOffer,
  { node, txoCount, signal }: BuildMoment,
  parts: BuildParts,
): Promise<BuiltPayment> {
  const { account } = parts;
  const own = reservedAddresses(account);
  const wanted = node.blockCount + LIFETIME_BLOCKS;
  const [{ inputs, others }, ingressKey] = await Promise.all([
    fetchInputs({ spent: draft.spent, others: signed.txOutGlobalIndices }, { txoCount, signal }, parts),
    fetchIngressKeys([own.default], { wanted, signal }, parts),
  ]);
  assertRing(signed, others);
  return seeded(parts, (seed) => {
    const { unsignedTx, outputs } = buildUnsignedTx(
      {
        blockVersion: blockVersion(node.blockVersion),
        inputs,
        offers: [fillOffer({ ...signed, proofs: others.map(({ proof }) => proof) })],
        payments: [],
        own,
        fee: { ...draft.fee, minimumFees: node.minimumFees },
        lifetime: { currentBlock: node.blockCount, tombstoneBlock: wanted },
        memoBuilder: () => new EmptyMemoBuilder(),
        ingressKey,
      },
      seed,
    );
    const [gotten] = outputs;
    if (gotten === undefined) throw new Error("What is taken comes back as change.");
    const receipt = createReceipt(gotten.txOut, gotten.sharedSecret, unsignedTx.prefix.tombstoneBlock);
    for (const { sharedSecret } of outputs) sharedSecret.wipe();
    const tx = signBuiltTx(unsignedTx, { seed, signer: ringSigner(account), feeMapDigest: node.minimumFees.digest });
    for (const { amount } of inputs) amount.blinding.wipe();
    return { tx, txOut: gotten.txOut, receipt };
  });
}

/** The ring of an offer must be what the ledger has at its places: else the proofs are of something else. */
function assertRing({ txIn: { ring } }: SignedContingentInput, found: readonly LedgerTxOut[]): void {
  const isSame = ring.every((txOut, i) => {
    const there = found[i]?.txOut;
    return there !== undefined && equalBytes(encodeTxOut(txOut), encodeTxOut(there));
  });
  if (!isSame) throw invalid("The ledger has other outputs than the offer's ring at their places.");
}

function seeded<Result>({ random }: BuildParts, make: (seed: AttemptSeed) => Result): Result {
  const seed = { walletSecret: new Secret(random(WALLET_SECRET_BYTES_MIN)), attemptNonce: random(ATTEMPT_NONCE_BYTES) };
  try {
    return make(seed);
  } finally {
    seed.walletSecret.wipe();
  }
}

const sumOf = (amounts: readonly { readonly value: bigint }[]): bigint =>
  amounts.reduce((sum, { value }) => sum + value, 0n);

const invalid = (message: string): SdkError => new SdkError("offer-invalid", message);
