// The wallets of a network's folder: each is a key file with its words.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  type AccountKey,
  accountKeyFromIdentity,
  decodePrintable,
  encodePrintable,
  formatKeyFile,
  type Identity,
  mnemonicFromEntropy,
  type PublicAddress,
  parseKeyFile,
  publicAddress,
} from "@fogbow/core-account";
import { fromHex, type Secret } from "@fogbow/core-bytes";
import { CommandError } from "../error.ts";
import type { Home } from "../up/home.ts";

/** Makes a wallet of this entropy, which the network's Fog serves. Throws `file-exists`, `network-down`, `invalid-argument`. */
export function makeAccount(home: Home, name: string, entropy: Secret): AccountKey {
  const identity = newIdentity(home, entropy);
  const file = home.walletFile(name);
  if (existsSync(file)) throw new CommandError("file-exists", `There is a wallet ${name} already.`);
  writeFileSync(file, formatKeyFile(identity), { flag: "wx", mode: 0o600 });
  return accountKeyFromIdentity(identity);
}

/** Who an account of this entropy is that the network's Fog serves. Throws `network-down`. */
export function newIdentity(home: Home, entropy: Secret): Identity {
  const made = home.made();
  if (made === undefined) throw new CommandError("network-down", `There is no network in ${home.folder}: fogbow up`);
  return {
    kind: "mnemonic",
    entropy,
    accountIndex: 0,
    fogReportUrl: made.fogReportUrl,
    fogReportId: "",
    fogAuthoritySpki: fromHex(made.fogAuthoritySpki),
  };
}

/** The keys of a wallet. Throws `source-not-found`, `invalid-argument`. */
export function readAccount(home: Home, name: string): AccountKey {
  return accountKeyFromIdentity(identityOf(home, name));
}

function identityOf(home: Home, name: string): Identity {
  const file = home.walletFile(name);
  if (!existsSync(file)) {
    const names = accountNames(home).join(", ");
    throw new CommandError("source-not-found", `There is no wallet ${name}. There are: ${names || "none"}.`);
  }
  return parseKeyFile(readFileSync(file, "utf8"));
}

/** The words of a wallet: whoever sees them has its money. Throws as {@link readAccount} does. */
export function wordsOf(home: Home, name: string): string {
  const identity = identityOf(home, name);
  if (identity.kind !== "mnemonic") throw new CommandError("invalid-argument", `The wallet ${name} has no words.`);
  return mnemonicFromEntropy(identity.entropy);
}

/** The names of all wallets. */
export function accountNames(home: Home): string[] {
  if (!existsSync(home.wallets)) return [];
  return readdirSync(home.wallets)
    .flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []))
    .sort();
}

/** The address that a wallet's name or a code stands for. Throws `invalid-argument`, `source-not-found`. */
export function addressOf(home: Home, nameOrCode: string): PublicAddress {
  if (nameOrCode.length <= LONGEST_NAME) return publicAddress(readAccount(home, nameOrCode));
  try {
    const printable = decodePrintable(nameOrCode);
    if (printable.kind === "public-address") return printable.publicAddress;
  } catch (cause) {
    throw new CommandError("invalid-argument", "This is neither a wallet's name nor the code of an address.", {
      cause,
    });
  }
  throw new CommandError("invalid-argument", "This code is not that of an address.");
}

/** The code of an address. */
export const codeOf = (address: PublicAddress): string =>
  encodePrintable({ kind: "public-address", publicAddress: address });

/** Codes of addresses are longer. */
const LONGEST_NAME = 32;
