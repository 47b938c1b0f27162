// The money of the simulated network: an origin block whose outputs one account owns, and who mints. Keys are known to
// everybody, for tests only.
import { type AccountKey, accountKey, CHANGE_SUBADDRESS, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { type BlockData, originBlockFromSeed } from "@fogbow/core-block";
import { fromHex, MOB, tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  aggregate,
  digest32,
  Ed25519PrivateKey,
  ed25519Sign,
  orderedMap,
  PrivateKey,
  tuple,
  uint64,
} from "@fogbow/core-crypto";
import {
  FeeMap,
  type MintConfigTx,
  type MintTx,
  openTxOut,
  type SignerSet,
  SubaddressTable,
  signerSetDigestible,
  signMintConfigTx,
  signMintTx,
  type TxOut,
} from "@fogbow/core-transaction";
import { MemoryLedger } from "@fogbow/ledger-db";
import { SeededRandom } from "../engine/random.ts";

/** The version of every block but the first. */
export const BLOCK_VERSION = 4;

/** The token that is minted. */
export const MINTED_TOKEN: ReturnType<typeof tokenId> = tokenId(5n);

/** What each output of the origin block holds, in picoMOB. */
export const GRANT = 3_000_000_000n;

/** Outputs of the origin block. Transactions spend them, one each. */
const GRANTS = 192;

const random = new SeededRandom(1, "economy").bytes;

/** Owns what there is. */
export const owner: AccountKey = accountKey({
  viewPrivateKey: PrivateKey.random(random),
  spendPrivateKey: PrivateKey.random(random),
});

/** The least fee of each token. */
export const minimumFees: FeeMap = new FeeMap([
  [MOB, 400_000_000n],
  [MINTED_TOKEN, 1_024n],
]);

const signingKey = (n: number): Ed25519PrivateKey => new Ed25519PrivateKey(new Uint8Array(32).fill(n));
const signerSet = (n: number): SignerSet => ({ signers: [signingKey(n).publicKey()], multiSigners: [], threshold: 1 });

/** Who governs the minted token. */
export const governors: SignerSet = signerSet(20);

let genesis: { readonly data: BlockData; readonly ledger: MemoryLedger } | undefined;

/** A ledger that holds the origin block, for reading: it is the same one for all. */
export function originLedger(): MemoryLedger {
  return origin().ledger;
}

/** The origin block. */
export function originData(): BlockData {
  return origin().data;
}

function origin(): NonNullable<typeof genesis> {
  if (genesis !== undefined) return genesis;
  const allocations = Array.from({ length: GRANTS }, () => ({ recipient: publicAddress(owner), value: GRANT }));
  const data = { ...originBlockFromSeed(random(32), allocations), signature: undefined, metadata: undefined };
  const ledger = new MemoryLedger();
  ledger.append(data);
  genesis = { data, ledger };
  return genesis;
}

const ownSubaddresses = new SubaddressTable(viewAccountKey(owner), [0n, CHANGE_SUBADDRESS]);

/** Reads an output of the owner; undefined when it is not the owner's. */
export function openOwn(txOut: TxOut): ReturnType<typeof openTxOut> {
  return openTxOut(txOut, { viewPrivateKey: owner.viewPrivateKey, subaddresses: ownSubaddresses });
}

/** Signers 11, 12 and 13 may mint 1 000 000 of the minted token each. */
export function configureMinting(n: number, tombstoneBlock: bigint): MintConfigTx {
  const configs = [11, 12, 13].map((signer) => ({
    tokenId: MINTED_TOKEN,
    signerSet: signerSet(signer),
    mintLimit: tokenValue(1_000_000n),
  }));
  const prefix = {
    tokenId: MINTED_TOKEN,
    configs,
    nonce: new Uint8Array(64).fill(n),
    tombstoneBlock,
    totalMintLimit: tokenValue(2_500_000n),
  };
  return signMintConfigTx(prefix, [signingKey(20)]);
}

/** A signer mints so much for the owner. */
export function mint(n: number, amount: bigint, signer: number, tombstoneBlock: bigint): MintTx {
  const { viewPublicKey, spendPublicKey } = publicAddress(owner);
  const nonce = new Uint8Array(64).fill(n);
  nonce[0] = n + (n >> 8); // Also more than 256 differ.
  const prefix = {
    tokenId: MINTED_TOKEN,
    amount: tokenValue(amount),
    viewPublicKey,
    spendPublicKey,
    nonce,
    tombstoneBlock,
    encryptedFogHint: undefined,
  };
  return signMintTx(prefix, [signingKey(signer)]);
}

/** The private half of the minting trust root of development networks; it is in the reference's tests. */
const TRUST_ROOT = "a80fdc86eefbd207184e15a8c5fa018b17409aacc07d2094b74ea734aafe7840";

/** What makes the governors those of the network: the trust root's signature over the map of them. */
export function governorsSignature(): Uint8Array {
  const entries = [[tuple("TokenId", [uint64(MINTED_TOKEN)]), signerSetDigestible(governors)] as const];
  const digest = digest32("Governors map signature", aggregate("GovernorsMap", [["map", orderedMap(entries)]]));
  return ed25519Sign(new Ed25519PrivateKey(fromHex(TRUST_ROOT)), digest);
}
