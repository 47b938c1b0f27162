// Known answers of whole outputs of block version 0, from both sides: made by the sender, found and prepared for
// spending by the recipient (spec 01 §4, §5; spec 02 §1.4).
import { accountKey, DEFAULT_SUBADDRESS, publicAddress, subaddress, viewAccountKey } from "@fogbow/core-account";
import { MOB, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  createTxOut,
  keyImage,
  onetimePrivateKey,
  openTxOut,
  SubaddressTable,
  txOutHash,
} from "@fogbow/core-transaction";
import { type Case, expectEqual, expectThat } from "./case.ts";

/** The output made from the tx private key has the stated fields, and its recipient reads the stated values in it. */
export function checkTxOut(one: Case): void {
  const account = accountKey({
    viewPrivateKey: new PrivateKey(one.hex("view_private")),
    spendPrivateKey: new PrivateKey(one.hex("spend_private")),
  });
  const recipient = publicAddress(account);
  expectEqual("subaddress_view_public", recipient.viewPublicKey, one.hex("subaddress_view_public"));
  expectEqual("subaddress_spend_public", recipient.spendPublicKey, one.hex("subaddress_spend_public"));

  const { txOut, sharedSecret } = createTxOut({
    blockVersion: 0,
    recipient,
    amount: { value: tokenValue(one.integer("value")), tokenId: MOB },
    fogHint: one.hex("e_fog_hint"),
    txPrivateKey: new PrivateKey(one.hex("tx_private_key")),
  });
  expectEqual("shared_secret", sharedSecret.expose(), one.hex("shared_secret"));
  expectEqual("commitment", txOut.maskedAmount.commitment, one.hex("commitment"));
  expectEqual("masked_value", txOut.maskedAmount.maskedValue, one.integer("masked_value"));
  expectEqual("target_key", txOut.targetKey, one.hex("target_key"));
  expectEqual("public_key", txOut.publicKey, one.hex("public_key"));
  expectEqual("tx_out_hash", txOutHash(txOut), one.hex("tx_out_hash"));

  const subaddresses = new SubaddressTable(viewAccountKey(account), [DEFAULT_SUBADDRESS]);
  const owned = openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
  expectThat(owned?.subaddressIndex === DEFAULT_SUBADDRESS, "the recipient does not find the output");
  expectEqual("shared_secret", owned.sharedSecret.expose(), one.hex("shared_secret"));
  expectEqual("value", owned.amount.value, one.integer("value"));
  expectEqual("blinding", owned.amount.blinding.expose(), one.hex("blinding"));
  const onetimeKey = onetimePrivateKey(owned.sharedSecret, subaddress(account, DEFAULT_SUBADDRESS).spendPrivateKey);
  expectEqual("onetime_private_key", onetimeKey.expose(), one.hex("onetime_private_key"));
  expectEqual("key_image", keyImage(onetimeKey), one.hex("key_image"));
}
