// What both kinds of minting transactions are answered.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { MINT_VALIDATION_NUMBERS } from "@fogbow/core-transaction";
import type { MintValidationResultCode, MintValidationResultSchema } from "@fogbow/core-wire";
import type { Served } from "../served.ts";

/** The code with what it is about. */
export function mintResult(
  code: MintValidationResultCode,
  { options }: Served,
  { tokenId, nonce }: { readonly tokenId: bigint; readonly nonce: Uint8Array },
): MessageInitShape<typeof MintValidationResultSchema> {
  switch (code) {
    case MINT_VALIDATION_NUMBERS["invalid-block-version"]:
      return { code, blockVersion: options.chain.blockVersion };
    case MINT_VALIDATION_NUMBERS["invalid-token-id"]:
    case MINT_VALIDATION_NUMBERS["no-governors"]:
      return { code, tokenId };
    case MINT_VALIDATION_NUMBERS["invalid-nonce-length"]:
      return { code, nonceLength: BigInt(nonce.length) };
    default:
      return { code };
  }
}

/** Throws `UNAVAILABLE` when the node can take nothing now. */
export function assertRoom({ isServing, pending }: Served): void {
  if (!isServing()) throw new ConnectError("Temporarily not serving requests", Code.Unavailable);
  if (pending.isFullFor(undefined)) throw new ConnectError("Temporarily over capacity", Code.Unavailable);
}
