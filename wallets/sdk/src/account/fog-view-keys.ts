// What sees an account's money through Fog and cannot spend it: for a till, an accountant, a machine that is connected to a network
// while the one that signs is not.
import {
  type AccountKey,
  DEFAULT_SUBADDRESS,
  decodePublicAddress,
  encodePublicAddress,
  subaddress,
  type ViewAccountKey,
  viewAccountKey,
} from "@fogbow/core-account";
import { Secret } from "@fogbow/core-bytes";
import { PrivateKey, publicKey } from "@fogbow/core-crypto";
import { type ReservedAddresses, reservedAddresses } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, FogViewKeysSchema } from "@fogbow/core-wire";
import { orSdkError } from "../error.ts";
import { VIEW_KEYS_BYTES_MAX } from "../limits.ts";

/** The keys of a view-only wallet. Whoever has them sees all that the account receives and, with its key images, all that it spends. */
export interface FogViewKeys extends ViewAccountKey {
  /** The default subaddress's view private key, *c*: finds and opens Fog's records. */
  readonly fogViewPrivateKey: PrivateKey;
  /** Addresses of the account, which only its owner can sign for Fog. */
  readonly addresses: ReservedAddresses;
}

/** Who a wallet is for: its owner, or somebody who only looks. */
export type WalletKeys = AccountKey | FogViewKeys;

/** The keys to look with. They are their own: wiping the account does not wipe them. */
export function fogViewKeys(account: AccountKey): FogViewKeys {
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, DEFAULT_SUBADDRESS);
  spendPrivateKey.wipe();
  return {
    viewPrivateKey: new PrivateKey(account.viewPrivateKey.expose().slice()),
    spendPublicKey: viewAccountKey(account).spendPublicKey,
    fogViewPrivateKey: viewPrivateKey,
    addresses: reservedAddresses(account),
  };
}

/** The keys as bytes: a secret. */
export function encodeFogViewKeys({
  viewPrivateKey,
  spendPublicKey,
  fogViewPrivateKey,
  addresses,
}: FogViewKeys): Secret {
  return new Secret(
    encodeMessage(FogViewKeysSchema, {
      viewPrivateKey: viewPrivateKey.expose(),
      spendPublicKey,
      fogViewPrivateKey: fogViewPrivateKey.expose(),
      defaultAddress: encodePublicAddress(addresses.default),
      changeAddress: encodePublicAddress(addresses.change),
      giftCodeAddress: encodePublicAddress(addresses.giftCode),
    }),
  );
}

/** The keys of their bytes. Throws SdkError `key-invalid`. */
export function decodeFogViewKeys(encoded: Secret): FogViewKeys {
  return orSdkError("key-invalid", "These are no keys of a view-only wallet.", () => {
    const message = decodeMessage(FogViewKeysSchema, encoded.expose(), { bytesMax: VIEW_KEYS_BYTES_MAX });
    return {
      viewPrivateKey: new PrivateKey(message.viewPrivateKey.slice()),
      spendPublicKey: publicKey(message.spendPublicKey),
      fogViewPrivateKey: new PrivateKey(message.fogViewPrivateKey.slice()),
      addresses: {
        default: decodePublicAddress(message.defaultAddress),
        change: decodePublicAddress(message.changeAddress),
        giftCode: decodePublicAddress(message.giftCodeAddress),
      },
    };
  });
}

/** Whether somebody can spend. */
export const isOwner = (keys: WalletKeys): keys is AccountKey => "spendPrivateKey" in keys;

/** Its published addresses, with their Fog. */
export const addressesOf = (keys: WalletKeys): ReservedAddresses =>
  isOwner(keys) ? reservedAddresses(keys) : keys.addresses;

/** What opens amounts and memos. */
export const viewAccountOf = (keys: WalletKeys): ViewAccountKey => (isOwner(keys) ? viewAccountKey(keys) : keys);

/** What finds and opens Fog's records; a copy, for whoever asks to wipe. */
export function fogViewPrivateKeyOf(keys: WalletKeys): PrivateKey {
  if (!isOwner(keys)) return new PrivateKey(keys.fogViewPrivateKey.expose().slice());
  const { viewPrivateKey, spendPrivateKey } = subaddress(keys, DEFAULT_SUBADDRESS);
  spendPrivateKey.wipe();
  return viewPrivateKey;
}
