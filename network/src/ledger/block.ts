// `fogbow ledger block DIR N`: one block.
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseIndex } from "./arguments.ts";
import { type BlockFacts, blockFacts, timeText } from "./block-facts.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "./output.ts";
import { reading } from "./reading.ts";

/** Adds the command. */
export function addBlockCommand(ledger: Command, { stdout }: Surroundings): void {
  ledger
    .command("block")
    .description("print a block: its header, what it adds, who signed it")
    .argument("<dir>", "directory of the ledger")
    .argument("<n>", "index of the block; the origin block has 0")
    .option("--json", JSON_HELP)
    .action(async (directory: string, text: string, { json }: JsonOption) => {
      const index = parseIndex(text, "The index of a block");
      const facts = await reading(directory, (opened) => {
        const data = opened.blockData(index);
        const span = opened.txOutsOfBlock(index);
        if (data === undefined || span === undefined) {
          throw new CommandError("block-not-found", `The ledger has ${opened.numBlocks()} blocks, none is ${index}.`);
        }
        return blockFacts(data, span.first);
      });
      stdout.write(json === true ? jsonLine(facts) : narrate(facts));
    });
}

function narrate(facts: BlockFacts): string {
  const { signature, metadata } = facts;
  return rows([
    ["block", facts.index],
    ["id", facts.id],
    ["version", facts.version],
    ["parent", facts.parentId],
    ["outputs until here", facts.cumulativeTxoCount],
    ["root before", facts.rootElement.hash],
    ["contents hash", facts.contentsHash],
    ["signed at", signature === undefined ? "not signed" : timeText(signature.signedAt)],
    ...(signature === undefined
      ? []
      : ([
          ["signer", signature.signer],
          ["signature", signature.valid ? "valid; signer not verified" : "INVALID"],
        ] as const)),
    ["node", metadata?.responderId ?? "no metadata"],
    ...facts.outputs.map(({ index, publicKey }) => [`output ${index}`, publicKey] as const),
    ...facts.keyImages.map((image) => ["key image", image] as const),
    ...facts.mintTxs.map(({ tokenId, amount }) => ["mints", `${amount} of token ${tokenId}`] as const),
    ...facts.mintConfigTxs.map(
      ({ tokenId, totalMintLimit }) =>
        ["configures minting", `of token ${tokenId}, at most ${totalMintLimit} in all`] as const,
    ),
  ]);
}
