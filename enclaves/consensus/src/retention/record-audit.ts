// What a node that forgets has stored, read again by the only one who can: outputs and the nodes of their tree, tags, key images,
// minting. All of it must add up to the ledger that the enclave keeps. The host learns that it does, and nothing that would
// join a tag to a place.
import { keyImageSet, type LedgerSummary, MintState, TreeFrontier } from "@fogbow/core-block";
import { equalBytes, type Random, readBe64, wipeBytes } from "@fogbow/core-bytes";
import {
  decodeActiveMintConfigs,
  storedTxOutFromWire,
  type TxOutMembershipElement,
  txOutHash,
} from "@fogbow/core-transaction";
import { decodeMessage, TxOutSchema, type VerifyRecordsRequest } from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { ConsensusError } from "../error.ts";
import { DOOR } from "../limits.ts";
import type { RecordVault } from "./record-vault.ts";

/** Records of one ledger on their way to a verdict. */
export class RecordAudit {
  readonly #vault: RecordVault;
  readonly #ledger: LedgerSummary;
  readonly #frontier = new TreeFrontier();
  readonly #keyImages = keyImageSet();
  readonly #minting = new MintState();
  readonly #made: TagSum;
  readonly #stored: TagSum;

  constructor(ledger: LedgerSummary, { vault, random }: { readonly vault: RecordVault; readonly random: Random }) {
    this.#ledger = ledger;
    this.#vault = vault;
    const key = random(32);
    this.#made = new TagSum(key);
    this.#stored = new TagSum(key);
  }

  /** Takes the next ones. Throws {@link ConsensusError} `invalid-record` or `other-records`, and WireError. */
  take({ txOuts, nodes, publicKeyTags, keyImages, minting, ends }: VerifyRecordsRequest): void {
    const expected = txOuts.flatMap((sealed) => this.#takeTxOut(sealed));
    this.#assertNodes([...expected, ...(ends ? this.#frontier.unfinished() : [])], nodes);
    for (const tag of publicKeyTags) this.#stored.add(tag);
    for (const { tag, sealed } of keyImages) this.#takeKeyImage(tag, sealed);
    for (const configs of minting?.activeMintConfigs ?? []) this.#minting.setActive(decodeActiveMintConfigs(configs));
    this.#minting.addNonces(minting?.mintNonces ?? []);
    this.#minting.addConfigNonces(minting?.mintConfigNonces ?? []);
    if (ends) this.#assertSame();
  }

  #takeTxOut(sealed: Uint8Array): readonly TxOutMembershipElement[] {
    const opened = this.#vault.openTxOut(this.#frontier.size, sealed);
    try {
      const txOut = storedTxOutFromWire(decodeMessage(TxOutSchema, opened, DOOR));
      this.#made.add(this.#vault.publicKeyTag(txOut.publicKey));
      return this.#frontier.append(txOutHash(txOut));
    } finally {
      wipeBytes(opened);
    }
  }

  #takeKeyImage(tag: Uint8Array, sealed: Uint8Array): void {
    const image = this.#vault.openKeyImage(sealed);
    if (!equalBytes(this.#vault.keyImageTag(image), tag)) throw other("a key image has the tag of another one");
    this.#keyImages.addAll([image]);
    wipeBytes(image);
  }

  #assertNodes(expected: readonly TxOutMembershipElement[], stored: VerifyRecordsRequest["nodes"]): void {
    const fits =
      expected.length === stored.length &&
      stored.every(({ from, to, sealed }, i) => {
        const { range, hash } = expected[i] as TxOutMembershipElement; // As many.
        return range.from === from && range.to === to && equalBytes(this.#vault.openNode(range, sealed), hash);
      });
    if (!fits) throw other("the nodes of the tree are not those of the outputs");
  }

  #assertSame(): void {
    const ledger = this.#ledger;
    const [root, own] = [this.#frontier.root(), ledger.root()];
    if (this.#frontier.size !== ledger.txOuts || !equalBytes(root.hash, own.hash)) {
      throw other("the outputs are not those of the ledger");
    }
    if (!this.#made.isSameAs(this.#stored)) throw other("the tags of public keys are not those of the outputs");
    if (!ledger.hasKeyImages({ set: this.#keyImages })) throw other("the key images are not those of the ledger");
    if (!ledger.hasMinting(this.#minting)) throw other("what is stored about minting is not that of the ledger");
  }
}

/** A set of tags, summed up under a key that nobody else has. */
class TagSum {
  readonly #key: Uint8Array;
  #sum = 0n;
  #count = 0n;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  add(tag: Uint8Array): void {
    const hash = kernel().hashes.hmac("blake2b256", this.#key, tag);
    for (let i = 0; i < hash.length; i += 8)
      this.#sum = (this.#sum + (readBe64(hash.subarray(i, i + 8)) << BigInt(8 * i))) % SUMS;
    this.#count += 1n;
  }

  isSameAs(other: TagSum): boolean {
    return this.#sum === other.#sum && this.#count === other.#count;
  }
}

const SUMS = 1n << 256n;

function other(what: string): ConsensusError {
  return new ConsensusError("other-records", `What is stored is not the ledger that the enclave keeps: ${what}.`);
}
