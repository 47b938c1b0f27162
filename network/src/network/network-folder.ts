// What is where in the folder of a network.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../error.ts";

/** The file of a node, in its folder. */
export const NODE_FILE = "node.toml";

/** The folder of the accounts that own something from the beginning. */
export const KEYS_FOLDER = "keys";

/** The name of node i, and of its folder. */
export const nodeName = (i: number): string => `node${i}`;

/** The file names of account i, secret and public, as MobileCoin's tools have them. */
export const accountFiles = (i: number): { readonly secret: string; readonly address: string } => ({
  secret: `account_keys_${i}.json`,
  address: `account_keys_${i}.pub`,
});

/** The files of the nodes in a network's folder, in the order of their numbers. Throws `not-a-network`. */
export function nodeFilesIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names
    .filter((name) => existsSync(join(folder, name, NODE_FILE)))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => join(folder, name, NODE_FILE));
  if (files.length === 0) {
    throw new CommandError("not-a-network", `${folder} has no nodes in it: make them with fogbow network generate.`);
  }
  return files;
}
