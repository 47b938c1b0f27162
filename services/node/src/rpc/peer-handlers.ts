// Everything that peers may ask, one file each.
import { getBlocks } from "./blockchain/get-blocks.ts";
import { getLastBlockInfo } from "./blockchain/get-last-block-info.ts";
import { watchBlocks } from "./blockchain/watch-blocks.ts";
import type { PeerHandlers } from "./handlers.ts";
import { peerAuth } from "./peer/auth.ts";
import { getConnections } from "./peer/get-connections.ts";
import { getLatestMsg } from "./peer/get-latest-msg.ts";
import { getSlotMsg } from "./peer/get-slot-msg.ts";
import { getTxs } from "./peer/get-txs.ts";
import { peerTxPropose } from "./peer/peer-tx-propose.ts";
import { sendConsensusMsg } from "./peer/send-consensus-msg.ts";
import type { Served } from "./served.ts";

/** The handlers of a replica for its peers. */
export function peerHandlers(node: Served): PeerHandlers {
  return {
    auth: peerAuth(node),
    peerTxPropose: peerTxPropose(node),
    sendConsensusMsg: sendConsensusMsg(node),
    getLatestMsg: getLatestMsg(node),
    getTxs: getTxs(node),
    getLastBlockInfo: getLastBlockInfo(node),
    getBlocks: getBlocks(node),
    getConnections: getConnections(node),
    getSlotMsg: getSlotMsg(node),
    watchBlocks: watchBlocks(node),
  };
}
