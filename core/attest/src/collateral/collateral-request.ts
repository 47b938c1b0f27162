// Which collateral a quote needs: the kind of platform, its processor's kind, and which authority certified it (spec 04 §6.4).
import { fromUtf8, toHex } from "@fogbow/core-bytes";
import { DerReader, TAG } from "../der/read-der.ts";
import { readObjectIdentifier } from "../der/values.ts";
import { AttestError } from "../error.ts";
import { parsePckChain } from "../sgx/parse-collateral.ts";
import { parseQuote } from "../sgx/quote.ts";
import { parsePckExtension } from "../x509/pck-extension.ts";

/** What Intel is asked for. Quotes of the same platform need the same. */
export interface CollateralRequest {
  readonly tee: "sgx" | "tdx";
  /** 12 hexadecimal digits, in lower case. */
  readonly fmspc: string;
  /** Which of Intel's authorities certified the platform. */
  readonly ca: "processor" | "platform";
}

/** What a quote needs. Throws what parsing a quote and its certificates throws, or `collateral-malformed`. */
export function collateralRequestOf(quoteBytes: Uint8Array): CollateralRequest {
  const quote = parseQuote(quoteBytes);
  const [leaf] = parsePckChain(quote.pckChainPem);
  if (leaf === undefined) {
    throw new AttestError("collateral-malformed", "The quote holds no certificate.");
  }
  const { fmspc } = parsePckExtension(leaf, { duplicates: "first-wins" });
  return { tee: quote.body.kind, fmspc: toHex(fmspc), ca: authorityOf(commonName(leaf.issuer)) };
}

function authorityOf(issuer: string | undefined): "processor" | "platform" {
  switch (issuer) {
    case "Intel SGX PCK Processor CA":
      return "processor";
    case "Intel SGX PCK Platform CA":
      return "platform";
    default:
      throw new AttestError("collateral-malformed", "The platform was not certified by an authority of Intel's.");
  }
}

const COMMON_NAME = "2.5.4.3";

/** The common name in a DER name; undefined when it has none. */
function commonName(name: Uint8Array): string | undefined {
  const attributes = new DerReader(name).enter(TAG.sequence);
  while (!attributes.isAtEnd) {
    const attribute = attributes.enter(TAG.set).enter(TAG.sequence);
    if (readObjectIdentifier(attribute) === COMMON_NAME) {
      return fromUtf8(attribute.element().content);
    }
  }
  return undefined;
}
