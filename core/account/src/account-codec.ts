// Accounts as bytes: the messages AccountKey and ViewAccountKey of spec 01 §2.7.
import { Secret } from "@fogbow/core-bytes";
import { PrivateKey, publicKey } from "@fogbow/core-crypto";
import {
  AccountKeySchema,
  decodeMessage,
  encodeMessage,
  type RistrettoPrivate,
  readData,
  ViewAccountKeySchema,
} from "@fogbow/core-wire";
import { type AccountKey, accountKey, type ViewAccountKey } from "./account-key.ts";
import { ACCOUNT_SIZE_MAX } from "./limits.ts";

const limits = { bytesMax: ACCOUNT_SIZE_MAX };

/** The bytes of an account, as MobileCoin writes them. Throws WireError `unencodable-message` or `message-too-large`. */
export function encodeAccountKey(account: AccountKey): Secret {
  const message = {
    viewPrivateKey: { data: account.viewPrivateKey.expose() },
    spendPrivateKey: { data: account.spendPrivateKey.expose() },
    fogReportUrl: account.fogReportUrl,
    fogReportId: account.fogReportId,
    fogAuthoritySpki: account.fogAuthoritySpki,
  };
  return new Secret(encodeMessage(AccountKeySchema, message, limits));
}

/**
 * An account from at most 16 384 bytes, which stay the caller's to wipe. Throws WireError `message-too-large`,
 * `malformed-message`, `missing-field` or `wrong-length`, and CryptoError `invalid-private-key`.
 */
export function decodeAccountKey(bytes: Uint8Array): AccountKey {
  const message = decodeMessage(AccountKeySchema, bytes, limits);
  return accountKey({
    viewPrivateKey: privateKeyFromWire(message.viewPrivateKey, "view_private_key"),
    spendPrivateKey: privateKeyFromWire(message.spendPrivateKey, "spend_private_key"),
    fogReportUrl: message.fogReportUrl,
    fogReportId: message.fogReportId,
    fogAuthoritySpki: message.fogAuthoritySpki,
  });
}

/** The bytes of a view-only account, as MobileCoin writes them. */
export function encodeViewAccountKey(account: ViewAccountKey): Secret {
  return new Secret(
    encodeMessage(ViewAccountKeySchema, {
      viewPrivateKey: { data: account.viewPrivateKey.expose() },
      spendPublicKey: { data: account.spendPublicKey },
    }),
  );
}

/** A view-only account. Throws as {@link decodeAccountKey}, and CryptoError `invalid-public-key`. */
export function decodeViewAccountKey(bytes: Uint8Array): ViewAccountKey {
  const message = decodeMessage(ViewAccountKeySchema, bytes, limits);
  const spendPublicKey = publicKey(readData(message.spendPublicKey, 32, "spend_public_key"));
  return { viewPrivateKey: privateKeyFromWire(message.viewPrivateKey, "view_private_key"), spendPublicKey };
}

/** A private key inside a message. Throws WireError `missing-field` or `wrong-length`, CryptoError `invalid-private-key`. */
export function privateKeyFromWire(message: RistrettoPrivate | undefined, field: string): PrivateKey {
  return new PrivateKey(readData(message, 32, field));
}
