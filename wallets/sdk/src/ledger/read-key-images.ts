// The answer about key images, checked once (spec 03 §5.3).
import { equalBytes } from "@fogbow/core-bytes";
import { CheckKeyImagesResponseSchema, decodeMessage } from "@fogbow/core-wire";
import { SdkError } from "../error.ts";
import { ANSWER_BYTES_MAX } from "../limits.ts";
import type { KeyImageAnswer, KeyImageStatus } from "./ledger-service.ts";

/** Reads the answer about these key images. Throws WireError and SdkError `invalid-response`. */
export function readKeyImages(encoded: Uint8Array, keyImages: readonly Uint8Array[]): KeyImageAnswer {
  const answer = decodeMessage(CheckKeyImagesResponseSchema, encoded, { bytesMax: ANSWER_BYTES_MAX });
  if (answer.results.length !== keyImages.length) {
    throw new SdkError("invalid-response", "Fog Ledger answers another number of key images than it was asked for.");
  }
  const statuses = answer.results.map(({ keyImage, spentAt, timestamp, keyImageResultCode }, i): KeyImageStatus => {
    if (!equalBytes(keyImage?.data ?? new Uint8Array(), keyImages[i] ?? new Uint8Array())) {
      throw new SdkError("invalid-response", "Fog Ledger answers in another order than it was asked.");
    }
    switch (keyImageResultCode) {
      case 1:
        return { kind: "spent", spentAt, timestamp };
      case 2:
        return { kind: "not-spent" };
      default:
        return { kind: "unknown" }; // Never spent because of an error.
    }
  });
  const { numBlocks, globalTxoCount, latestBlockVersion, maxBlockVersion } = answer;
  return { statuses, blockCount: numBlocks, txoCount: globalTxoCount, latestBlockVersion, maxBlockVersion };
}
