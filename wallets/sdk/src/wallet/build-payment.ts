// Builds a payment with everything from Fog: rings and proofs by one padded request, hints by verified reports (spec 03 §8.5).
import {
  type AccountKey,
  CHANGE_SUBADDRESS,
  DEFAULT_SUBADDRESS,
  equalAddresses,
  GIFT_CODE_SUBADDRESS,
  type PublicAddress,
} from "@fogbow/core-account";
import { equalBytes, type Random, Secret } from "@fogbow/core-bytes";
import {
  ATTEMPT_NONCE_BYTES,
  type AttemptSeed,
  blockVersion,
  buildUnsignedTx,
  chooseDecoys,
  createReceipt,
  DefragmentationMemoBuilder,
  EmptyMemoBuilder,
  encodeUnsignedTx,
  type FogIngressKey,
  type LedgerTxOut,
  type MemoBuilder,
  openTxOut,
  type Receipt,
  RecoverableHistoryMemoBuilder,
  ringSigner,
  SubaddressTable,
  senderCredential,
  signBuiltTx,
  type Tx,
  type TxInput,
  type TxOut,
  type UnsignedTx,
  WALLET_SECRET_BYTES_MIN,
} from "@fogbow/core-transaction";
import { addressesOf, viewAccountOf, type WalletKeys } from "../account/fog-view-keys.ts";
import type { OwnedOutput } from "../account/owned-output.ts";
import type { NodeInfo } from "../consensus/consensus-service.ts";
import { SdkError } from "../error.ts";
import type { OutputService, ProvenTxOut } from "../ledger/ledger-service.ts";
import type { ReportService } from "../report/report-resolver.ts";
import type { PaymentDraft } from "./draft.ts";

/** What a payment is built from. */
export interface BuildParts<Keys extends WalletKeys = AccountKey> {
  readonly account: Keys;
  readonly ledger: OutputService;
  readonly reports: ReportService;
  readonly random: Random;
  /** Decoys that were drawn for outputs before, by their index in the ledger: drawn anew they would give the real one away. */
  readonly decoys: Map<bigint, readonly bigint[]>;
}

/** Where the network is, and until when anybody waits. */
export interface BuildMoment {
  readonly node: NodeInfo;
  readonly txoCount: bigint;
  readonly signal?: AbortSignal | undefined;
}

/** A payment that lacks its signature. */
export interface UnsignedPayment extends Omit<BuiltPayment, "tx"> {
  /** As secret as its amounts. */
  readonly unsignedTx: Uint8Array;
}

/** A signed payment. */
export interface BuiltPayment {
  readonly tx: Tx;
  /** The recipient's output, which is in the ledger once the payment is. */
  readonly txOut: TxOut;
  /** What the recipient can be sent, to know which output to wait for and from whom it is. */
  readonly receipt: Receipt;
}

/** Blocks until a payment that is not in one never will be (spec 03 §8.5). */
export const LIFETIME_BLOCKS = 50n;

/**
 * Builds and signs. Throws SdkError `no-fog` … `report-refused` of the recipient's report, `output-missing`, `invalid-response`
 * and others of the ledger, TransactionError, and the signal's reason.
 */
export async function buildPayment(draft: PaymentDraft, moment: BuildMoment, parts: BuildParts): Promise<BuiltPayment> {
  const { account } = parts;
  const { minimumFees } = moment.node;
  const credential = senderCredential(account);
  try {
    return await buildWith(draft, moment, parts, {
      memoBuilder: () => memoBuilderOf(draft, credential),
      use: ({ unsignedTx, txOut, receipt }, seed) => ({
        tx: signBuiltTx(unsignedTx, { seed, signer: ringSigner(account), feeMapDigest: minimumFees.digest }),
        txOut,
        receipt,
      }),
    });
  } finally {
    credential.spendPrivateKey.wipe();
  }
}

/** Builds a payment that somebody else signs; its outputs have no memos, which only the owner can write. Throws as {@link buildPayment}. */
export function buildUnsignedPayment(
  draft: PaymentDraft,
  moment: BuildMoment,
  parts: BuildParts<WalletKeys>,
): Promise<UnsignedPayment> {
  return buildWith(draft, moment, parts, {
    memoBuilder: () => new EmptyMemoBuilder(),
    use: ({ unsignedTx, ...rest }) => ({ ...rest, unsignedTx: encodeUnsignedTx(unsignedTx) }),
  });
}

/** Builds up to the signature; `use` has secrets that are wiped after it. */
async function buildWith<Result>(
  draft: PaymentDraft,
  { node, txoCount, signal }: BuildMoment,
  parts: BuildParts<WalletKeys>,
  {
    memoBuilder,
    use,
  }: {
    readonly memoBuilder: () => MemoBuilder;
    readonly use: (
      built: { readonly unsignedTx: UnsignedTx; readonly txOut: TxOut; readonly receipt: Receipt },
      seed: AttemptSeed,
    ) => Result;
  },
): Promise<Result> {
  const { account, random } = parts;
  const wanted = node.blockCount + LIFETIME_BLOCKS;
  const own = addressesOf(account);
  const [{ inputs }, ingressKeyOf] = await Promise.all([
    fetchInputs(draft, { txoCount, signal }, parts),
    fetchIngressKeys([own.default, draft.to], { wanted, signal }, parts),
  ]);
  const seed = { walletSecret: new Secret(random(WALLET_SECRET_BYTES_MIN)), attemptNonce: random(ATTEMPT_NONCE_BYTES) };
  try {
    const { unsignedTx, outputs } = buildUnsignedTx(
      {
        blockVersion: blockVersion(node.blockVersion),
        inputs,
        payments: [{ destination: { kind: "payment", recipient: draft.to }, amount: draft.amount }],
        own,
        fee: { tokenId: draft.fee.tokenId, value: draft.fee.value, minimumFees: node.minimumFees },
        lifetime: { currentBlock: node.blockCount, tombstoneBlock: wanted },
        memoBuilder,
        ingressKey: ingressKeyOf,
      },
      seed,
    );
    const [paid] = outputs;
    if (paid === undefined) throw new Error("A plan with a payment gives an output.");
    const receipt = createReceipt(paid.txOut, paid.sharedSecret, unsignedTx.prefix.tombstoneBlock);
    for (const { sharedSecret } of outputs) sharedSecret.wipe();
    return use({ unsignedTx, txOut: paid.txOut, receipt }, seed);
  } finally {
    seed.walletSecret.wipe();
    for (const { amount } of inputs) amount.blinding.wipe();
  }
}

/**
 * Real outputs and decoys by one request, with proofs in one tree; the ledger's copies have the hints that view's lack. And others
 * by their indexes, which are as many as in a ring.
 */
export async function fetchInputs(
  { spent, others: wantedOthers = [] }: { readonly spent: readonly OwnedOutput[]; readonly others?: readonly bigint[] },
  { txoCount, signal }: { readonly txoCount: bigint; readonly signal: AbortSignal | undefined },
  { account, ledger, decoys, random }: Omit<BuildParts<WalletKeys>, "reports">,
): Promise<{ readonly inputs: TxInput[]; readonly others: readonly LedgerTxOut[] }> {
  const undrawn = spent.filter(({ globalIndex }) => !decoys.has(globalIndex));
  const members = spent.flatMap(({ globalIndex }) => [globalIndex, ...(decoys.get(globalIndex) ?? [])]);
  const excluded = [...members, ...wantedOthers]; // No output is in a transaction's rings twice.
  const realIndexes = undrawn.map(({ globalIndex }) => globalIndex);
  const others = excluded.filter((index) => !realIndexes.includes(index));
  const drawn = chooseDecoys({ ledgerSize: txoCount, realIndexes, excluded: others, random });
  undrawn.forEach(({ globalIndex }, i) => {
    decoys.set(globalIndex, drawn[i] ?? []);
  });
  const rings = spent.map(({ globalIndex }) => [globalIndex, ...(decoys.get(globalIndex) ?? [])]);
  const indexes = [...rings.flat(), ...wantedOthers];
  const { outputs } = await ledger.getOutputs(indexes, { txoCount, ...(signal && { signal }) });
  const found = new Map(outputs.map((output) => [output.index, output]));
  const reader = {
    viewPrivateKey: account.viewPrivateKey,
    subaddresses: new SubaddressTable(
      viewAccountOf(account),
      new Set([
        DEFAULT_SUBADDRESS,
        CHANGE_SUBADDRESS,
        GIFT_CODE_SUBADDRESS,
        ...spent.map(({ subaddressIndex }) => subaddressIndex),
      ]),
    ),
  };
  const inputs = spent.map((output, i): TxInput => {
    const [real, ...members] = (rings[i] ?? []).map((index) => ledgerTxOutOf(found.get(index), index));
    if (real === undefined) throw new Error("A ring begins with the real output.");
    return { ...openReal(output, real, reader), decoys: members };
  });
  return { inputs, others: wantedOthers.map((index) => ledgerTxOutOf(found.get(index), index)) };
}

function ledgerTxOutOf(output: ProvenTxOut | undefined, index: bigint): LedgerTxOut {
  if (output === undefined) throw new SdkError("output-missing", `Fog Ledger did not answer output ${index}.`);
  return { txOut: output.txOut, proof: output.proof };
}

function openReal(
  { txOut, subaddressIndex, globalIndex }: OwnedOutput,
  real: LedgerTxOut,
  reader: Parameters<typeof openTxOut>[1],
): Omit<TxInput, "decoys"> {
  const opened = equalBytes(real.txOut.publicKey, txOut.publicKey) ? openTxOut(real.txOut, reader) : undefined;
  if (opened === undefined) {
    throw new SdkError("invalid-response", `Fog Ledger has another output at ${globalIndex} than Fog View.`);
  }
  opened.sharedSecret.wipe();
  return { real, amount: opened.amount, onetimeKey: { kind: "subaddress-index", subaddressIndex } };
}

/** The verified keys of some addresses with Fog; each report service is asked once. */
export async function fetchIngressKeys(
  addresses: readonly PublicAddress[],
  { wanted, signal }: { readonly wanted: bigint; readonly signal: AbortSignal | undefined },
  { reports }: Pick<BuildParts, "reports">,
): Promise<(address: PublicAddress) => FogIngressKey | undefined> {
  const known = await Promise.all(
    addresses
      .filter(({ fogReportUrl }) => fogReportUrl !== "")
      .map(async (address) => {
        const resolved = await reports.resolve(address, { tombstoneBlock: wanted, ...(signal && { signal }) });
        return { address, key: { publicKey: resolved.ingressKey, pubkeyExpiry: resolved.pubkeyExpiry } };
      }),
  );
  return (address) => known.find((each) => equalAddresses(each.address, address))?.key;
}

function memoBuilderOf(
  { kind, paymentRequestId }: PaymentDraft,
  credential: ReturnType<typeof senderCredential>,
): MemoBuilder {
  if (kind === "consolidation") return new DefragmentationMemoBuilder();
  return new RecoverableHistoryMemoBuilder({
    credential,
    destinationMemo: true,
    ...(paymentRequestId !== undefined && { paymentRequestId }),
  });
}
