// Everything that clients may ask, one file each.
import { getBlocks } from "./blockchain/get-blocks.ts";
import { getLastBlockInfo } from "./blockchain/get-last-block-info.ts";
import { watchBlocks } from "./blockchain/watch-blocks.ts";
import { clientAuth } from "./client/auth.ts";
import { clientTxPropose } from "./client/client-tx-propose.ts";
import { getNodeConfig } from "./client/get-node-config.ts";
import { proposeMintConfigTx } from "./client/propose-mint-config-tx.ts";
import { proposeMintTx } from "./client/propose-mint-tx.ts";
import { watchTx } from "./client/watch-tx.ts";
import type { ClientHandlers } from "./handlers.ts";
import type { Served } from "./served.ts";

/** The handlers of a replica for its clients. */
export function clientHandlers(node: Served): ClientHandlers {
  return {
    auth: clientAuth(node),
    clientTxPropose: clientTxPropose(node),
    proposeMintConfigTx: proposeMintConfigTx(node),
    proposeMintTx: proposeMintTx(node),
    getNodeConfig: getNodeConfig(node),
    getLastBlockInfo: getLastBlockInfo(node),
    getBlocks: getBlocks(node),
    watchTx: watchTx(node),
    watchBlocks: watchBlocks(node),
  };
}
