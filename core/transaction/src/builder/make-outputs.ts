// Makes planned outputs, from randomness that is theirs alone.
import type { Random, Secret } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import type { BlockVersion } from "../block-version.ts";
import type { MemoBuilder } from "../memo/builder/memo-builder.ts";
import { addressesOf, type FogIngressKey, type OutputOptions, prepareOutput } from "../output/create-output.ts";
import { createTxOut } from "../output/create-tx-out.ts";
import type { TxOut } from "../output/tx-out.ts";
import type { PlannedOutput } from "./planned-output.ts";

/** An output that was made, and for whom. */
export interface BuiltOutput extends PlannedOutput {
  readonly txOut: TxOut;
  /** Opens the output and gives its confirmation number. Wipe it after use. */
  readonly sharedSecret: Secret;
}

/** An output with the key that it was made with. */
export interface MadeOutput {
  readonly built: BuiltOutput;
  readonly txPrivateKey: PrivateKey;
}

/** A planned output, and the key that its hint is encrypted to when its address has Fog. */
export interface OutputToMake extends PlannedOutput {
  readonly ingressKey: FogIngressKey | undefined;
}

/** Planned outputs with the ingress keys of those whose addresses have Fog; undefined for one that is not known. */
export function findIngressKeys(
  outputs: readonly PlannedOutput[],
  ingressKey: OutputOptions["ingressKey"],
): OutputToMake[] {
  return outputs.map((output) => {
    const { hintAddress } = addressesOf(output.destination);
    return { ...output, ingressKey: hintAddress.fogReportUrl === "" ? undefined : ingressKey(hintAddress) };
  });
}

/** What outputs are made with. */
export interface OutputMaking {
  readonly blockVersion: BlockVersion;
  /** Knows the fee. */
  readonly memoBuilder: MemoBuilder;
  readonly random: Random;
}

/** In the given order, in which memo builders expect to be asked. When one cannot be made, nothing of the others stays. */
export function makeOutputs(outputs: readonly OutputToMake[], making: OutputMaking): MadeOutput[] {
  const made: MadeOutput[] = [];
  try {
    for (const output of outputs) {
      made.push(makeOutput(output, making));
    }
    return made;
  } catch (error) {
    for (const each of made) {
      wipeMadeOutput(each);
    }
    throw error;
  }
}

/** Wipes what opens an output, and the key that it was made with. */
export function wipeMadeOutput({ built, txPrivateKey }: MadeOutput): void {
  built.sharedSecret.wipe();
  txPrivateKey.wipe();
}

function makeOutput({ destination, amount, ingressKey }: OutputToMake, making: OutputMaking): MadeOutput {
  const options = { ...making, ingressKey: () => ingressKey };
  const { tombstoneBlockMax: _, ...prepared } = prepareOutput(destination, amount, options);
  const txPrivateKey = PrivateKey.random(making.random);
  try {
    return { built: { destination, amount, ...createTxOut({ ...prepared, txPrivateKey }) }, txPrivateKey };
  } catch (error) {
    txPrivateKey.wipe();
    throw error;
  }
}
