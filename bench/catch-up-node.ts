// How fast a validator gets to the tip: as a replica does it, with a ledger on the disk, its own metadata signed for each block,
// and everybody told who follows the chain. Peers are in this process; the enclave has nothing to do.
import { createPrivateKey, randomFillSync, sign } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type BlockSource, nativeEd25519Verify } from "@fogbow/archive";
import { type BlockData, blockToWire, type NodeId, type QuorumSet } from "@fogbow/core-block";
import { bytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { encodeConsensusMessage, type Message, signMessage, txHashValue } from "@fogbow/core-scp";
import { blockVersion } from "@fogbow/core-transaction";
import {
  BlocksResponseSchema,
  ConnectionsSchema,
  ConsensusMsgResponseSchema,
  GetLatestMsgResponseSchema,
} from "@fogbow/core-wire";
import { createLedger } from "@fogbow/ledger-db";
import { type Clock, catchUp, type MessageSigner, type PeerRpc, Replica, type ReplicaLog } from "@fogbow/node";

/** What catching up goes by. */
export interface NodeCatchUp {
  readonly source: BlockSource;
  /** Where the ledger is made. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: ReplicaLog;
}

const NODES = 5;
const LOOK_MS = 20;
const keys = Array.from({ length: NODES }, (_, i) => new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1)));
const nodes = keys.map(
  (key, i): NodeId => ({ responderId: `node${i}.example:8443`, publicKey: bytes(key.publicKey(), 32, "key") }),
);
const setOf = (own: NodeId): QuorumSet => ({
  threshold: 3,
  members: nodes.filter((node) => node !== own).map((node) => ({ kind: "node", node })),
});

/** Seconds from the origin block to the tip. */
export async function timeNodeCatchUp(chain: readonly BlockData[], parts: NodeCatchUp): Promise<number> {
  const [origin] = chain;
  const [self] = nodes;
  const [messageKey] = keys;
  if (origin === undefined || self === undefined || messageKey === undefined) throw new Error("There is no chain.");
  const ledger = createLedger(parts.directory);
  ledger.append(origin);
  const unknown = new Uint8Array(32);
  const replica = new Replica(
    {
      self,
      clientResponderId: "node0.example:443",
      peers: nodes.slice(1),
      quorumSet: setOf(self),
      chain: {
        blockVersion: blockVersion(4),
        tokens: [{ tokenId: tokenId(0n), minimumFee: tokenValue(400_000_000n) }],
        leaderHash: "bound",
      },
      enclave: { blockSigningKey: unknown, mintingTrustRoot: unknown },
    },
    {
      clock: parts.clock,
      enclave: { call: () => Promise.reject(new Error("There is no enclave here.")) },
      ledger,
      appendTogether: (appends) => ledger.appendTogether(appends),
      journal: {
        write: async () => undefined,
        read: async () => ({ records: [], unreadable: [] }),
        forget: async () => undefined,
      },
      peer: (responderId) =>
        peerOf(
          chain,
          nodes.findIndex((node) => node.responderId === responderId),
        ),
      blockSources: [parts.source],
      catchUp,
      isKnownSigner: () => true,
      messageKey,
      signer: nativeSignerOf(messageKey),
      random: (length) => randomFillSync(new Uint8Array(length)),
      log: parts.log,
    },
  );
  const before = performance.now();
  await replica.start();
  while (ledger.numBlocks() < BigInt(chain.length)) {
    if (replica.status().halted !== undefined) throw new Error(replica.status().words);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const seconds = (performance.now() - before) / 1_000;
  await replica.stop();
  await ledger.close();
  return seconds;
}

/** The system's signatures, as a node's process uses them. */
function nativeSignerOf(key: Ed25519PrivateKey): MessageSigner {
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), key.expose()]),
    format: "der",
    type: "pkcs8",
  });
  return { sign: (digest) => new Uint8Array(sign(null, digest, privateKey)), verify: nativeEd25519Verify };
}

/** A peer that has decided the last block, and has nothing else to say. */
function peerOf(chain: readonly BlockData[], i: number): PeerRpc {
  const refuse = (): Promise<never> => Promise.reject(new ConnectError("Not here.", Code.Unimplemented));
  const payload = decisionOf(chain, i);
  return {
    auth: refuse,
    peerTxPropose: refuse,
    getTxs: refuse,
    getLastBlockInfo: refuse,
    sendConsensusMsg: async () => create(ConsensusMsgResponseSchema, {}),
    getLatestMsg: async () => create(GetLatestMsgResponseSchema, { payload }),
    getSlotMsg: async () => create(GetLatestMsgResponseSchema, {}),
    getConnections: async () => create(ConnectionsSchema, {}),
    getBlocks: async ({ offset, limit }) => {
      const page = chain.slice(Number(offset), Number(offset) + limit);
      return create(BlocksResponseSchema, { blocks: page.map(({ block }) => blockToWire(block)) });
    },
  };
}

function decisionOf(chain: readonly BlockData[], i: number): Uint8Array {
  const [sender, key, parent, last] = [nodes[i], keys[i], chain.at(-2), chain.at(-1)];
  if (sender === undefined || key === undefined || parent === undefined || last === undefined) {
    throw new Error("There is no such node, or no chain.");
  }
  const x = txHashValue(last.block.id); // Any value: the slot is over.
  const message: Message = {
    sender,
    slotIndex: last.block.index,
    quorumSet: setOf(sender),
    topic: { kind: "externalize", externalize: { c: { n: 1, x }, hn: 1 } },
  };
  return encodeConsensusMessage(signMessage(message, parent.block.id, key));
}
