// Values as text, and what they stand for.
import { bytes, CodedError } from "@fogbow/core-bytes";
import { bytesOf, type Digestible, tuple, variant } from "@fogbow/core-crypto";
import { type MintConfigTx, type MintTx, mintConfigTxDigestible, mintTxDigestible } from "@fogbow/core-transaction";
import { ScpError } from "../error.ts";
import { isValue, tryTxHash, txHashValue, type Value } from "../value.ts";
import { type ConsensusValue, consensusValue } from "./consensus-value.ts";
import { TextInput, TextOutput } from "./sorting-text.ts";

/** A configuration of minting as a value. Throws `invalid-value` for one that is too long, nested too deep or has a bad nonce. */
export function mintConfigTxValue(tx: MintConfigTx): Value {
  return valueText({ name: "MintConfigTx", content: tx });
}

/** A minting transaction as a value. Throws `invalid-value` for one that is too long or has a bad nonce. */
export function mintTxValue(tx: MintTx): Value {
  return valueText({ name: "MintTx", content: tx });
}

/** The text of a value. Throws `invalid-value`. */
export function valueText(content: ConsensusValue): Value {
  if (content.name === "TxHash") return txHashValue(content.content);
  const out = new TextOutput();
  try {
    consensusValue.write(out, content);
  } catch (cause) {
    if (cause instanceof CodedError) throw new ScpError("invalid-value", "This is no value.", { cause });
    throw cause;
  }
  const value = out.finish();
  if (!isValue(value)) throw new ScpError("invalid-value", "A value is too long.");
  return value;
}

/** What a value stands for, or undefined if it is the text of nothing. */
export function tryConsensusValue(value: Value): ConsensusValue | undefined {
  const hash = tryTxHash(value);
  if (hash !== undefined) return { name: "TxHash", content: bytes(hash, 32, "A hash") };
  try {
    const input = new TextInput(value);
    const content = consensusValue.read(input);
    input.finish();
    return content;
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** What a value stands for. Throws `invalid-value`. */
export function consensusValueOf(value: Value): ConsensusValue {
  const content = tryConsensusValue(value);
  if (content === undefined) throw new ScpError("invalid-value", "The text of a value stands for nothing.");
  return content;
}

/** A value of a hashed message. Throws `invalid-value` for the text of nothing. */
export function valueDigestible(value: Value): Digestible {
  return contentDigestible(consensusValueOf(value));
}

/** What a value stands for, in a hashed message. */
export function contentDigestible({ name, content }: ConsensusValue): Digestible {
  const as = (index: number, digestible: Digestible): Digestible =>
    variant("ConsensusValue", { name, index }, digestible);
  switch (name) {
    case "TxHash":
      return as(0, tuple("TxHash", [bytesOf(content)]));
    case "MintConfigTx":
      return as(1, mintConfigTxDigestible(content));
    case "MintTx":
      return as(2, mintTxDigestible(content));
    default:
      return name satisfies never;
  }
}
