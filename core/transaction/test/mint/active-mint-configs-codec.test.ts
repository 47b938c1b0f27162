// Tests of the encoding of configurations in force: totals come back beside their configurations, damage is a typed error.
import { CodedError } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { decodeActiveMintConfigs, encodeActiveMintConfigs, signMintConfigTx } from "../../src/index.ts";
import { CONFIGURATION, signer } from "./mints.ts";

const active = {
  mintConfigTx: signMintConfigTx(CONFIGURATION, [signer(8), signer(9)]),
  configs: CONFIGURATION.configs.map((mintConfig, i) => ({ mintConfig, totalMinted: 2n ** 64n - 1n - BigInt(i) })),
};

test("configurations in force survive encoding, each with its total", () => {
  expect(decodeActiveMintConfigs(encodeActiveMintConfigs(active))).toEqual(active);
});

test("cut anywhere, they differ or are refused with a typed error", () => {
  const encoded = encodeActiveMintConfigs(active);
  for (let length = 0; length < encoded.length; length++) {
    try {
      expect(decodeActiveMintConfigs(encoded.slice(0, length))).not.toEqual(active);
    } catch (error) {
      expect(error).toBeInstanceOf(CodedError);
    }
  }
});
