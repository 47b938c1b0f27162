// The configurations in force for a token as a protobuf message, as the ledger keeps them and nodes tell them
// (spec 02 §8.7, §10).
import { ActiveMintConfigsSchema, decodeMessage, encodeMessage, readPresent } from "@fogbow/core-wire";
import { ACTIVE_MINT_CONFIGS_BYTES_MAX } from "../limits.ts";
import type { ActiveMintConfigs } from "./active-mint-configs.ts";
import { mintConfigFromWire, mintConfigToWire, mintConfigTxFromWire, mintConfigTxToWire } from "./mint-codec.ts";

const LIMITS = { bytesMax: ACTIVE_MINT_CONFIGS_BYTES_MAX };

/** The configurations in force for a token as bytes. Throws WireError `message-too-large`. */
export function encodeActiveMintConfigs({ configs, mintConfigTx }: ActiveMintConfigs): Uint8Array {
  const message = {
    configs: configs.map(({ mintConfig, totalMinted }) => ({ mintConfig: mintConfigToWire(mintConfig), totalMinted })),
    mintConfigTx: mintConfigTxToWire(mintConfigTx),
  };
  return encodeMessage(ActiveMintConfigsSchema, message, LIMITS);
}

/** The configurations in force for a token from bytes. Throws WireError. */
export function decodeActiveMintConfigs(encoded: Uint8Array): ActiveMintConfigs {
  const { configs, mintConfigTx } = decodeMessage(ActiveMintConfigsSchema, encoded, LIMITS);
  return {
    configs: configs.map(({ mintConfig, totalMinted }) => ({
      mintConfig: mintConfigFromWire(readPresent(mintConfig, "mint_config")),
      totalMinted,
    })),
    mintConfigTx: mintConfigTxFromWire(readPresent(mintConfigTx, "mint_config_tx")),
  };
}
