// Known answers of account keys: recovery phrases, root entropies and subaddresses (spec 01 §2).
import {
  type AccountKey,
  accountKey,
  accountKeyFromMnemonic,
  accountKeyFromRootEntropy,
  DEFAULT_SUBADDRESS,
  entropyFromMnemonic,
  mnemonicFromEntropy,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { Secret } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { type Case, expectEqual } from "./case.ts";

/** Words and entropy say the same, and the account of the words has the stated root keys. */
export function checkAccountFromMnemonic(one: Case): void {
  const mnemonic = one.text("mnemonic");
  const entropy = one.byteList("entropy");
  expectEqual("mnemonic", mnemonicFromEntropy(new Secret(entropy)), mnemonic);
  expectEqual("entropy", entropyFromMnemonic(mnemonic).expose(), entropy);
  checkRootKeys(one, accountKeyFromMnemonic(mnemonic, Number(one.integer("account_index"))));
}

/** The account of a legacy root entropy has the stated root keys. */
export function checkAccountFromRootEntropy(one: Case): void {
  checkRootKeys(one, accountKeyFromRootEntropy(new Secret(one.byteList("root_entropy"))));
}

/** A subaddress has the stated keys, private and public, also when a view-only account derives it. */
export function checkSubaddress(one: Case): void {
  const account = accountKey({
    viewPrivateKey: new PrivateKey(one.byteList("view_private_key")),
    spendPrivateKey: new PrivateKey(one.byteList("spend_private_key")),
  });
  const index = one.has("subaddress_index") ? one.integer("subaddress_index") : DEFAULT_SUBADDRESS;
  const keys = subaddress(account, index);
  expectEqual("subaddress_view_private_key", keys.viewPrivateKey.expose(), one.byteList("subaddress_view_private_key"));
  expectEqual(
    "subaddress_spend_private_key",
    keys.spendPrivateKey.expose(),
    one.byteList("subaddress_spend_private_key"),
  );
  for (const address of [publicAddress(account, index), publicAddress(viewAccountKey(account), index)]) {
    expectEqual("subaddress_view_public_key", address.viewPublicKey, one.byteList("subaddress_view_public_key"));
    expectEqual("subaddress_spend_public_key", address.spendPublicKey, one.byteList("subaddress_spend_public_key"));
  }
}

function checkRootKeys(one: Case, account: AccountKey): void {
  expectEqual("view_private_key", account.viewPrivateKey.expose(), one.byteList("view_private_key"));
  expectEqual("spend_private_key", account.spendPrivateKey.expose(), one.byteList("spend_private_key"));
}
