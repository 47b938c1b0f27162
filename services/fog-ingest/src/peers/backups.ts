// Peers that can take over (spec 03 §2.8 step 4, §2.10): each has the key and knows the same peers.
import { Code, ConnectError } from "@connectrpc/connect";
import { equalBytes } from "@fogbow/core-bytes";
import { IngestControllerMode, type IngestSummary } from "@fogbow/core-wire";
import { IngestError } from "../error.ts";
import type { ControllerParts, PeerRpc } from "../parts.ts";
import { areSamePeers, type Peer } from "./peer-list.ts";

/** What a backup must have. */
export interface BackupRules {
  readonly ingressKey: Uint8Array;
  readonly peers: readonly string[];
  /** Whether a backup that differs is corrected; otherwise it is refused. */
  readonly mayUpdate: boolean;
}

type BackupParts = Pick<ControllerParts, "connect" | "enclave">;

/** What a peer says about itself. Rejects with `peer-unreachable`, `peer-refused`. */
export async function statusOf({ uri }: Peer, { connect }: BackupParts): Promise<IngestSummary> {
  return withPeer(uri, connect, (rpc) => rpc.getStatus());
}

/**
 * Makes sure that a peer is a backup. Rejects with `active-peer`, `peer-unreachable`, `peer-refused`, `attestation-failed`,
 * `unexpected-key` and, unless it may be corrected, `peer-refused` for one that differs.
 */
export async function confirmBackup(peer: Peer, rules: BackupRules, parts: BackupParts): Promise<void> {
  const { ingressKey, peers, mayUpdate } = rules;
  const { responderId } = peer;
  await withPeer(peer.uri, parts.connect, async (rpc) => {
    let status = await rpc.getStatus();
    if (status.mode === IngestControllerMode.Active) {
      throw new IngestError("active-peer", `${responderId} is active.`);
    }
    if (!hasKey(status, ingressKey)) {
      if (!mayUpdate) throw new IngestError("peer-refused", `${responderId} has another key.`);
      status = await sendKey(peer, rpc, ingressKey, parts);
      if (!hasKey(status, ingressKey)) throw new IngestError("peer-refused", `${responderId} did not take the key.`);
    }
    if (!areSamePeers(status.peers, peers)) {
      if (!mayUpdate) throw new IngestError("peer-refused", `${responderId} knows other peers.`);
      status = await rpc.setPeers(peers);
      if (!areSamePeers(status.peers, peers)) {
        throw new IngestError("peer-refused", `${responderId} did not take the list of peers.`);
      }
    }
  });
}

/** Takes over a peer's key. Rejects with `peer-unreachable`, `peer-refused`, `attestation-failed`. */
export async function fetchKey(peer: Peer, parts: BackupParts): Promise<void> {
  await withPeer(peer.uri, parts.connect, async (rpc) => {
    const channelId = await channelTo(peer, rpc, parts);
    try {
      const message = await rpc.getIngressPrivateKey(channelId);
      await attested(() => parts.enclave.takePrivateKey(message));
    } finally {
      await closeChannel(channelId, parts);
    }
  });
}

async function sendKey(peer: Peer, rpc: PeerRpc, key: Uint8Array, parts: BackupParts): Promise<IngestSummary> {
  const { enclave } = parts;
  const channelId = await channelTo(peer, rpc, parts);
  try {
    const { publicKey } = await enclave.ingressKey();
    if (!equalBytes(publicKey, key)) {
      throw new IngestError("unexpected-key", "The enclave's key has changed meanwhile: try again.");
    }
    return await rpc.setIngressPrivateKey(await attested(() => enclave.privateKeyFor(channelId)));
  } finally {
    await closeChannel(channelId, parts);
  }
}

async function channelTo({ responderId }: Peer, rpc: PeerRpc, { enclave }: BackupParts): Promise<Uint8Array> {
  const request = await attested(() => enclave.peerBegin(responderId));
  const answer = await rpc.auth(request);
  return attested(() => enclave.peerFinish(responderId, answer));
}

/** A channel that is gone already is closed. */
async function closeChannel(channelId: Uint8Array, { enclave }: BackupParts): Promise<void> {
  await enclave.peerClose(channelId).catch(() => undefined);
}

/** What the own enclave refuses in a handshake is a failed attestation. */
async function attested<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw new IngestError("attestation-failed", "The peer's enclave is no copy of this one.", { cause });
  }
}

async function withPeer<Result>(
  uri: string,
  connect: BackupParts["connect"],
  run: (rpc: PeerRpc) => Promise<Result>,
): Promise<Result> {
  const rpc = connect(uri);
  try {
    return await run(rpc);
  } catch (error) {
    throw peerError(uri, error);
  } finally {
    rpc.close();
  }
}

function peerError(uri: string, error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  const cause = { cause: error };
  switch (error.code) {
    case Code.Unavailable:
    case Code.DeadlineExceeded:
      return new IngestError("peer-unreachable", `${uri} does not answer.`, cause);
    case Code.PermissionDenied:
      return new IngestError("attestation-failed", `${uri} does not take this enclave for a copy of its own.`, cause);
    default:
      return new IngestError("peer-refused", `${uri} refuses: ${error.rawMessage}`, cause);
  }
}

function hasKey({ ingressPubkey }: IngestSummary, key: Uint8Array): boolean {
  return ingressPubkey !== undefined && equalBytes(ingressPubkey.data, key);
}
