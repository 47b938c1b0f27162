// A node as handlers see it: a real enclave, a real ledger and the replica's own parts, without consensus behind them.
import { encodeSealedMessage, type Session } from "@fogbow/core-attest";
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { encodeTx, type Tx } from "@fogbow/core-transaction";
import { decodeMessage, type Message, MessageSchema } from "@fogbow/core-wire";
import { startNode, type TestNode } from "../../../../enclaves/consensus/test/test-node.ts";
import { forming, foundLedger } from "../../../../stores/ledger-db/test/economy.ts";
import { DEFAULT_TIMING, type ReplicaOptions } from "../../src/index.ts";
import { Changes } from "../../src/replica/changes.ts";
import { EnclaveDoor } from "../../src/replica/enclave-door.ts";
import { ExternalizedTxs } from "../../src/replica/externalized-txs.ts";
import { KnownTxs } from "../../src/replica/known-txs.ts";
import { PendingValues } from "../../src/replica/pending-values.ts";
import { Sessions } from "../../src/replica/sessions.ts";
import { Streams } from "../../src/replica/streams.ts";
import { TxChecker } from "../../src/replica/tx-checker.ts";
import { ValueChecks } from "../../src/replica/value-checks.ts";
import type { Served } from "../../src/rpc/served.ts";
import { refusing } from "../network.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** A node, and what its handlers did with it. */
export interface ServedNode {
  readonly served: Served;
  readonly enclave: TestNode;
  readonly clock: VirtualClock;
  /** Values that were proposed, in order. */
  readonly proposed: string[];
  /** Transactions that were passed on, by whom they came from and through whom. */
  readonly relayed: string[];
  readonly session: Session;
}

/** Makes one; `change` says what is different. */
export async function servedNode(change: Partial<Served> = {}): Promise<ServedNode> {
  const enclave = await startNode({ name: "node0", overrides: { verifyPeer: async () => undefined } });
  const clock = new VirtualClock();
  const ledger = foundLedger(20);
  const door = new EnclaveDoor({ call: (entryPoint, input) => refusing(enclave.ask(entryPoint, input)) });
  const known = new KnownTxs();
  const options = nodeOptions(enclave);
  const proposed: string[] = [];
  const relayed: string[] = [];
  const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
  const served: Served = {
    options,
    timing: DEFAULT_TIMING,
    clock,
    ledger,
    door,
    known,
    checker: new TxChecker({ door, ledger, known, clock, metrics: undefined }),
    checks: new ValueChecks({ chain: options.chain, ledger, known }),
    pending: new PendingValues(),
    externalized: new ExternalizedTxs(),
    sessions: new Sessions(),
    streams: new Streams(),
    changes: new Changes(),
    log,
    metrics: undefined,
    isServing: () => true,
    peerNamed: () => undefined,
    hearsDirectly: () => ["node2.test:8443"],
    hear: () => "heard",
    latest: () => undefined,
    messageAbout: () => undefined,
    propose: (value) => proposed.push(value) > 0,
    relay: (_, origin, by) => void relayed.push(`${origin.responderId} ${by}`),
    ...change,
  };
  return { served, enclave, clock, proposed, relayed, session: await enclave.client() };
}

/** A transaction as a client's message. */
export function sealed(session: Session, tx: Tx | Uint8Array): Message {
  const encoded = encodeSealedMessage(session.seal(tx instanceof Uint8Array ? tx : encodeTx(tx)));
  return decodeMessage(MessageSchema, encoded, { bytesMax: 1_114_112 });
}

function nodeOptions(enclave: TestNode): ReplicaOptions {
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(100));
  const { minimumFees, governors, blockVersion } = forming();
  return {
    self: { responderId: "node0.test:8443", publicKey: bytes(key.publicKey(), 32, "key") },
    clientResponderId: "node0.test:443",
    peers: [],
    quorumSet: { threshold: 0, members: [] },
    chain: {
      blockVersion,
      tokens: minimumFees.entries().map(([tokenId, minimumFee]) => {
        const set = governors(tokenId);
        return { tokenId, minimumFee, ...(set && { governors: set }) };
      }),
      governorsSignature: new Uint8Array(64).fill(6),
      leaderHash: "bound",
    },
    enclave: {
      blockSigningKey: enclave.initial.blockSigningKey?.data ?? new Uint8Array(),
      mintingTrustRoot: enclave.initial.mintingTrustRoot?.data ?? new Uint8Array(),
    },
  };
}

const ignore = (): void => undefined;
