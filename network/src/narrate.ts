// The tour in words: one short paragraph a stop, and the values it found.
import type pc from "picocolors";
import type { KernelTiming } from "./time-kernel.ts";
import type { TourFacts } from "./tour.ts";

/** Functions that colour text, or leave it alone. */
export type Colors = ReturnType<typeof pc.createColors>;

/** The whole tour as text for a terminal, ending with a line break. */
export function narrate(
  { account, output, found, fog, keyImage, ledger }: TourFacts,
  timing: KernelTiming,
  colors: Colors,
): string {
  const stop = (title: string, story: string, values: Readonly<Record<string, string>>): string =>
    [
      `\n${colors.bold(colors.cyan(title))}`,
      story,
      ...Object.entries(values).map(([name, value]) => show(name, value)),
    ].join("\n");
  const show = (name: string, value: string): string => `  ${colors.dim(name.padEnd(NAME_WIDTH))}${value}`;
  const secret = (value: string): string => colors.yellow(value);

  return `${[
    colors.bold("Fogbow: a tour of the library"),
    "Everything below happens in this process, and nothing is sent.",
    "Every value is computed now, and each side's answer is checked against the other's.",
    stop("1. Bob makes an account", "From 24 fresh words. These are for this tour only: they have been on a screen.", {
      words: secret(account.words),
      address: account.code,
      "for a QR code": account.uri,
      "address hash": account.shortHash,
      Fog: account.fogReportUrl,
    }),
    stop(
      "2. Alice makes an output for Bob",
      `${output.bytes} bytes that anyone may see. No amount, no address, no name in the clear.`,
      {
        "one-time address": output.targetKey,
        "public key": output.publicKey,
        commitment: output.commitment,
        "masked value": output.maskedValue,
        memo: short(output.encryptedMemo),
        "Fog hint": short(output.encryptedFogHint),
      },
    ),
    stop(
      "3. Bob finds it with his view key",
      "Nobody else's view key finds it, not even Alice's. The memo proves to Bob alone that Alice wrote it.",
      {
        amount: secret(`${found.mob} MOB`),
        subaddress: `${found.subaddressIndex} (his published address)`,
        memo: found.memoKind,
        from: `address hash ${found.senderHash}, verified`,
        "payment request": found.paymentRequestId,
      },
    ),
    stop(
      "4. Fog finds it for him",
      "So that his phone need not search the ledger: ingest opens the hint and files a sealed record under a\n" +
        "search key that Bob can compute too; View serves it at a fixed size; only Bob can open it. Done here as they will.",
      {
        "hint names": `view key ${fog.viewPublicKey}`,
        "search key": `${fog.searchKey}, the same on both sides`,
        "sealed record": `${fog.payloadBytes} bytes, served as ${fog.answerBytes}`,
        "Bob opens": secret(`${fog.mob} MOB`),
      },
    ),
    stop(
      "5. The key to spend it",
      "Only Bob holds the one-time private key. Its image will mark the output as spent, without saying which it was.",
      { "key image": keyImage },
    ),
    stop(
      "6. Alice spends from a ledger",
      "An LMDB ledger in a temporary folder holds an output of hers. She pays Bob from it, hidden among others, and the\n" +
        "change returns to her. A node proves everything and learns neither who nor how much.",
      {
        transaction: ledger.transaction.hash,
        size: `${ledger.transaction.bytes} bytes, ${ledger.transaction.outputs} outputs`,
        "spent output": `one of ${ledger.transaction.ringSize}; the transaction does not say which`,
        fee: `${ledger.transaction.fee} MOB`,
        validated: ledger.transaction.verdict,
        "a higher fee": `refused: ${ledger.tampered.verdict} (${ledger.tampered.detail})`,
      },
    ),
    stop(
      "7. A block takes it in",
      "What remains of the payment: two outputs and a key image. The root of the tree of all outputs proves each of them.",
      {
        block: `${ledger.block.index}, id ${ledger.block.id}`,
        root: `${ledger.block.root}, of ${ledger.block.txOuts} outputs`,
        "Bob finds": `${secret(`${ledger.block.mob} MOB`)} in output ${ledger.block.bobsTxOutIndex}`,
        proof: `${ledger.block.proofElements} hashes, verified against the root`,
        "paid again": `refused: ${ledger.block.again}`,
      },
    ),
    stop("8. How fast is the kernel?", `To ${timing.operation}, measured now in turns:`, {
      kernel: microseconds(timing.kernelMicroseconds),
      [timing.peer]: `${microseconds(timing.peerMicroseconds)}, so the kernel is ${timing.ratio.toFixed(1)} times as fast`,
    }),
    `\n${colors.dim("All checks held. npm run bench measures at length; README.md says what exists and what does not.")}`,
  ].join("\n")}\n`;
}

const NAME_WIDTH = 18;

/** The beginning of a long value, with its length. */
const short = (hex: string): string => `${hex.slice(0, 64)}… (${hex.length / 2} bytes)`;

const microseconds = (value: number): string => `${value.toFixed(1)} µs`;
