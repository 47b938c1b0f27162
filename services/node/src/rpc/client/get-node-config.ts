// ConsensusClientAPI.GetNodeConfig: tokens, fees, governors and keys.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import { ACTIVE_MINT_CONFIGS_BYTES_MAX, encodeActiveMintConfigs, signerSetToWire } from "@fogbow/core-transaction";
import {
  ActiveMintConfigsSchema,
  type ConsensusNodeConfig,
  ConsensusNodeConfigSchema,
  decodeMessage,
  type TokenConfigSchema,
} from "@fogbow/core-wire";
import type { TokenRules } from "../../options.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** Tells how the node is configured, as far as clients need it. */
export function getNodeConfig(node: Served): Handler<Empty, ConsensusNodeConfig> {
  const { self, clientResponderId, chain, enclave } = node.options;
  return async () =>
    create(ConsensusNodeConfigSchema, {
      mintingTrustRoot: { data: enclave.mintingTrustRoot },
      tokenConfigMap: Object.fromEntries(
        chain.tokens.map((token) => [String(token.tokenId), tokenConfig(node, token)]),
      ),
      ...(chain.governorsSignature && { governorsSignature: { data: chain.governorsSignature } }),
      peerResponderId: self.responderId,
      clientResponderId,
      blockSigningKey: { data: enclave.blockSigningKey },
      blockVersion: chain.blockVersion,
      scpMessageSigningKey: { data: self.publicKey },
    });
}

function tokenConfig(
  { ledger }: Served,
  { tokenId, minimumFee, governors }: TokenRules,
): MessageInitShape<typeof TokenConfigSchema> {
  const active = ledger.activeMintConfigs(tokenId);
  const bytesMax = ACTIVE_MINT_CONFIGS_BYTES_MAX;
  return {
    tokenId,
    minimumFee,
    ...(governors && { governors: signerSetToWire(governors) }),
    ...(active && {
      activeMintConfigs: decodeMessage(ActiveMintConfigsSchema, encodeActiveMintConfigs(active), { bytesMax }),
    }),
  };
}
