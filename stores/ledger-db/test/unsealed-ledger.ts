// A forgetting ledger whose enclave has no secrets: tags are what they stand for, and records are not sealed. So whatever any ledger
// promises about blocks, key images and proofs can be asked of it.
import { type BlockData, TreeFrontier } from "@fogbow/core-block";
import { encodeTxOut, storedTxOutFromWire, txOutHash } from "@fogbow/core-transaction";
import { decodeMessage, TxOutSchema } from "@fogbow/core-wire";
import { createForgetLedger, type ForgetLedger, type Ledger } from "../src/index.ts";
import { newDirectory } from "./directories.ts";

/** An empty one. */
export function unsealedLedger(): Ledger {
  const ledger = createForgetLedger(newDirectory());
  let frontier = new TreeFrontier();
  const append = (data: BlockData): void => {
    const { outputs, keyImages } = data.contents;
    const next = TreeFrontier.from(
      frontier.size,
      frontier.subtrees().map(({ hash }) => hash),
    );
    const nodes = [...outputs.flatMap((txOut) => next.append(txOutHash(txOut))), ...next.unfinished()];
    ledger.append(
      { ...data, contents: { ...data.contents, outputs: [] } },
      {
        txOuts: outputs.map((txOut) => ({ publicKeyTag: txOut.publicKey, sealed: encodeTxOut(txOut) })),
        nodes: nodes.map(({ range, hash }) => ({ ...range, sealed: hash })),
        keyImages,
        sealedLedger: Uint8Array.of(1),
      },
    );
    frontier = next;
  };
  const txOut: Ledger["txOut"] = (index) => {
    const sealed = ledger.sealedTxOut(index);
    return sealed && storedTxOutFromWire(decodeMessage(TxOutSchema, sealed, { bytesMax: 4_096 }));
  };
  return withOwn(ledger, { append, txOut });
}

/** The ledger, with some methods in the place of its own. */
function withOwn(ledger: ForgetLedger, own: Pick<Ledger, "append" | "txOut">): Ledger {
  return new Proxy<Ledger>(ledger, {
    get: (_, name) => {
      const method: unknown = Reflect.get(name in own ? own : ledger, name);
      return typeof method === "function" ? method.bind(ledger) : method;
    },
  });
}
